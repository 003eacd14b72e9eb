import { GetDetectorCommand } from '@aws-sdk/client-guardduty';
import { unless } from '../../absence';
import type { ResourceKind } from '../../rule';

/** The ARNs of detectors, for grants. */
export const detectors = 'arn:{partition}:guardduty:{region}:{account}:detector/*';

/** How GuardDuty says that there is no such detector. */
export const unknown = ['BadRequestException'];

/** GuardDuty of an account and region, by the id of its detector. */
export const detector: ResourceKind = {
  type: 'AWS::GuardDuty::Detector',
  arn: 'arn:{partition}:guardduty:{region}:{account}:detector/{id}',
  scope: 'regional',
  permissions: [{ actions: ['guardduty:GetDetector'], on: detectors }],

  async tags({ id }, aws) {
    return (await unless(unknown, aws.send(new GetDetectorCommand({ DetectorId: id }))))?.Tags ?? {};
  },
};
