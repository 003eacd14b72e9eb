/**
 * The region in which CloudTrail records IAM events, by partition; for another partition, the region of the finding is asked. Source: "Global
 * service events" in the CloudTrail user guide, the guides to the other partitions, and `implicitGlobalRegion` in the partitions of the SDK.
 */
export const home: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-south-1',
};
