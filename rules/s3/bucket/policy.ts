import { GetBucketPolicyCommand, GetBucketPolicyStatusCommand, GetPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { GetPublicAccessBlockCommand as GetAccountBlockCommand } from '@aws-sdk/client-s3-control';
import { undefinedOn } from '../../absence';
import { isAboutEverybody } from '../../everybody';
import { readPolicy } from '../../policy';
import { type Aws, type Grant, notFound, type Obstacle, type Resource } from '../../rule';
import { named } from './name';

/** The text of a bucket policy. `refused`: S3 would reject the same policy now. */
export type BucketPolicy = { readonly policy: string | null; readonly refused?: true };

/** The permissions that `readBucketPolicy` needs. */
export const bucketPolicyReading: readonly Grant[] = [
  { actions: ['s3:GetBucketPolicy', 's3:GetBucketPolicyStatus', 's3:GetBucketPublicAccessBlock'], on: 'arn:{partition}:s3:::*' },
  { actions: ['s3:GetAccountPublicAccessBlock'], on: '*' },
];

/** Why a policy that S3 would reject now can't be changed. */
export const refusal: Obstacle = {
  unfixable:
    'The bucket policy allows public access. Block Public Access prevents that access, and also rejects any new policy that allows it. Remove public access from the policy first.',
  code: 'public-policy-blocked',
};

export async function readBucketPolicy(resource: Resource, aws: Aws): Promise<BucketPolicy | typeof notFound> {
  const answer = undefinedOn(['NoSuchBucketPolicy'], aws.send(new GetBucketPolicyCommand(named(resource))));
  const found = await undefinedOn(
    ['NoSuchBucket'],
    answer.then((one) => ({ policy: one?.Policy ?? null })),
  );
  if (!found) return notFound;
  return { ...found, ...(found.policy !== null && (await isRefused(found.policy, resource, aws)) && { refused: true }) };
}

async function isRefused(policy: string, resource: Resource, aws: Aws): Promise<boolean> {
  const statements = readPolicy(policy)?.statements ?? [];
  if (!statements.some((statement) => statement.Effect === 'Allow' && isAboutEverybody(statement))) return false;
  const absence = ['NoSuchPublicAccessBlockConfiguration'];
  const blocks = await Promise.all([
    undefinedOn(absence, aws.send(new GetPublicAccessBlockCommand(named(resource)))),
    undefinedOn(absence, aws.send(new GetAccountBlockCommand({ AccountId: resource.account }))),
  ]);
  if (!blocks.some((block) => block?.PublicAccessBlockConfiguration?.BlockPublicPolicy)) return false;
  return (await aws.send(new GetBucketPolicyStatusCommand(named(resource)))).PolicyStatus?.IsPublic === true;
}
