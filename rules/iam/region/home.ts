/** The region in which CloudTrail records IAM events, by partition. Source: "Global service events" in the CloudTrail user guide, and the guides to the other partitions. */
export const home: Readonly<Record<string, string>> = { aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };
