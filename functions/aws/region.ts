// AWS adds Regions and partitions at any time: only the form of a name is known, and the ARNs of an event tell its partition.
const shape = /^[a-z]{2,8}(?:-[a-z]{2,16}){1,3}-\d{1,2}$/;

/** Whether a text has the form of the name of a Region, such as `eu-west-1`, `us-isob-east-1` or `eusc-de-east-1`. */
export const isRegion = (text: string): boolean => shape.test(text);

/** The partition of an ARN, such as `aws-cn`; undefined for what does not begin as an ARN. */
export const partitionIn = (arn: string | undefined): string | undefined => /^arn:(aws(?:-[a-z]+)*):/.exec(arn ?? '')?.[1];
