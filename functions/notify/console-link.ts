import { functionNameOf } from '../aws/function-name';

/** The host of the console by partition, without the region. */
const hosts: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

export interface CentralLocation {
  readonly partition: string;
  readonly region: string;
}

/** The console page of a service; undefined for an unknown partition. */
function consolePage({ partition, region }: CentralLocation, service: string, rest: string): string | undefined {
  const host = hosts[partition];
  return host && `https://${region}.${host}/${service}/home?region=${region}${rest}`;
}

/** The finding in Security Hub. */
export const findingLink = (location: CentralLocation, id: string): string | undefined =>
  // Encoded twice: the console decodes its search once more.
  consolePage(
    location,
    'securityhub',
    `#/findings?search=Id%3D${encodeURIComponent(`\\operator\\:EQUALS\\:${id}`).replaceAll('%', '%25')}`,
  );

/** The logs of a rule's function. */
export const functionLogLink = (location: CentralLocation, rule: string): string | undefined =>
  consolePage(
    location,
    'cloudwatch',
    `#logsV2:log-groups/log-group/${encodeURIComponent(`/aws/lambda/${functionNameOf(rule)}`).replaceAll('%', '$25')}`,
  );

/** The audit log table. */
export const logTableLink = (location: CentralLocation): string | undefined =>
  consolePage(location, 'dynamodbv2', '#item-explorer?table=posture-log');
