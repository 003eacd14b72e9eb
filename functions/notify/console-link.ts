/** Where the console of a partition is; the region stands before it. */
const hosts: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

export interface CentralLocation {
  readonly partition: string;
  readonly region: string;
}

/** The page of a service in the console; undefined in a partition whose console is not known. */
function consolePage({ partition, region }: CentralLocation, service: string, rest: string): string | undefined {
  const host = hosts[partition];
  return host && `https://${region}.${host}/${service}/home?region=${region}${rest}`;
}

/** The finding in Security Hub. */
export const findingLink = (location: CentralLocation, id: string): string | undefined =>
  // Encoded twice: the console decodes its search once more.
  consolePage(location, 'securityhub', `#/findings?search=Id%3D${encodeURIComponent(`\\operator\\:EQUALS\\:${id}`).replaceAll('%', '%25')}`);

/** What a function wrote while it worked. */
export const functionLogLink = (location: CentralLocation, rule: string): string | undefined =>
  consolePage(
    location,
    'cloudwatch',
    `#logsV2:log-groups/log-group/${encodeURIComponent(`/aws/lambda/posture-${rule}`).replaceAll('%', '$25')}`,
  );

/** The table that is the log. */
export const logTableLink = (location: CentralLocation): string | undefined => consolePage(location, 'dynamodbv2', '#item-explorer?table=posture-log');
