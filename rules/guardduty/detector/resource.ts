import { GetDetectorCommand } from '@aws-sdk/client-guardduty';
import { undefinedOn } from '../../absence';
import type { ResourceKind } from '../../rule';

/** The ARNs of detectors, for grants. */
export const detectors = 'arn:{partition}:guardduty:{region}:{account}:detector/*';

/** The error by which GuardDuty reports that a detector does not exist. */
export const unknown = ['BadRequestException'];

/** GuardDuty in an account and region, by the id of its detector. */
export const detector: ResourceKind = {
  type: 'AWS::GuardDuty::Detector',
  arn: 'arn:{partition}:guardduty:{region}:{account}:detector/{id}',
  scope: 'regional',
  changedBy: {
    service: 'guardduty',
    calls: {
      'requestParameters.detectorId': ['UpdateDetector'],
      'responseElements.detectorId': ['CreateDetector'],
    },
  },
  target: ({ id }) => ({ DetectorId: id }),
  permissions: [{ actions: ['guardduty:GetDetector'], on: detectors }],

  async tags({ id }, aws) {
    return (await undefinedOn(unknown, aws.send(new GetDetectorCommand({ DetectorId: id }))))?.Tags ?? {};
  },
};
