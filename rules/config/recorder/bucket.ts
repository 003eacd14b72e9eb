import { GetBucketPolicyCommand } from '@aws-sdk/client-s3';
import { isObject, type JsonObject } from '../../json';
import { readPolicy, stringsIn } from '../../policy';
import type { Aws, Grant } from '../../rule';
import { matchesWildcard } from '../../wildcard';

/** Whether AWS Config can deliver to a bucket. `unreadable`: it belongs to another account or region; AWS Config checks it on the change. */
export type DeliveryBucket = 'ready' | 'absent' | 'closed' | 'unreadable';

export const bucketReading: Grant = { actions: ['s3:GetBucketPolicy'], on: 'arn:{partition}:s3:::*' };

export async function readDeliveryBucket(Bucket: string, aws: Aws): Promise<DeliveryBucket> {
  const policy = await aws.send(new GetBucketPolicyCommand({ Bucket })).catch((error: unknown): DeliveryBucket => {
    const state = error instanceof Error ? refusals[error.name] : undefined;
    if (state) return state;
    throw error;
  });
  if (typeof policy === 'string') return policy;
  return readPolicy(policy.Policy ?? '')?.statements.some(admits) ? 'ready' : 'closed';
}

const refusals: Readonly<Record<string, DeliveryBucket>> = {
  NoSuchBucket: 'absent',
  NoSuchBucketPolicy: 'closed',
  AccessDenied: 'unreadable',
  MethodNotAllowed: 'unreadable',
  PermanentRedirect: 'unreadable',
  AuthorizationHeaderMalformed: 'unreadable',
};

const admits = ({ Effect, Principal, Action }: JsonObject): boolean =>
  Effect === 'Allow' &&
  isObject(Principal) &&
  (stringsIn(Principal.Service) ?? []).includes('config.amazonaws.com') &&
  (stringsIn(Action) ?? []).some((action) => matchesWildcard('s3:putobject', action.toLowerCase()));
