import { ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';

/** The permissions that `listDetectors` needs. */
export const listing: Grant = { actions: ['guardduty:ListDetectors'], on: '*' };

/** The ids of the detectors in an account and region. AWS allows one. */
export const listDetectors = (aws: Aws): Promise<string[]> =>
  collect(
    (NextToken) => aws.send(new ListDetectorsCommand({ NextToken })),
    ({ DetectorIds = [] }) => DetectorIds,
    ({ NextToken }) => NextToken,
  );
