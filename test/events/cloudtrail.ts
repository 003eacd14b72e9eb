import { home } from './resources';

/** A record of CloudTrail, as EventBridge delivers it. */
export const recordedCallEvent = (
  service: string,
  eventName: string,
  parts: { readonly requestParameters?: object; readonly responseElements?: object },
  { detail = {}, ...envelope }: { readonly detail?: object; readonly account?: string; readonly region?: string } = {},
) => {
  const { account = home.account, region = home.region } = envelope;
  return {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    source: `aws.${service}`,
    'detail-type': 'AWS API Call via CloudTrail',
    account,
    region,
    time: '2026-11-24T12:00:00Z',
    resources: [] as readonly string[],
    detail: {
      eventVersion: '1.11',
      userIdentity: {
        type: 'AssumedRole',
        principalId: 'AROAEXAMPLE:jane',
        arn: `arn:aws:sts::${account}:assumed-role/Developer/jane`,
        accountId: account,
      },
      eventTime: '2026-11-24T11:59:58Z',
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion: region,
      sourceIPAddress: '198.51.100.7',
      userAgent: 'aws-cli/2.31.0',
      requestParameters: null,
      responseElements: null,
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: 'Management',
      ...parts,
      ...detail,
    },
    ...envelope,
  };
};
