import { CreateTrailCommand, type CreateTrailCommandInput } from '@aws-sdk/client-cloudtrail';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { World } from '../../contract/scenario';

/** Makes a trail, with a bucket of its own; its name. The scenario has to name the client of S3. */
export function trailWith(input: Partial<CreateTrailCommandInput>, Name = `trail-${Math.random().toString(36).slice(2)}`) {
  return async (world: World): Promise<string> => {
    const S3BucketName = `logs-${world.account}-${Math.random().toString(36).slice(2)}`;
    await world.send(new CreateBucketCommand({ Bucket: S3BucketName }));
    await world.send(new CreateTrailCommand({ Name, S3BucketName, ...input }));
    return Name;
  };
}

const asked = 'CloudTrail asks for it where the trail is one of an organization; it is no call of the rule.';
const role = 'arn:{partition}:iam::{account}:role/aws-service-role/cloudtrail.amazonaws.com/AWSServiceRoleForCloudTrail';

/** What CloudTrail asks for where a trail is one of an organization, in a rule that itself reads roles, and in one that does not. */
export const ofOrganization = {
  'organizations:DescribeOrganization': asked,
  'organizations:ListAccounts': asked,
  'organizations:ListAWSServiceAccessForOrganization': asked,
  [`iam:GetRole on ${role}`]: asked,
};
export const ofOrganizationAlone = {
  'organizations:DescribeOrganization': asked,
  'organizations:ListAccounts': asked,
  'organizations:ListAWSServiceAccessForOrganization': asked,
  'iam:GetRole': asked,
};
