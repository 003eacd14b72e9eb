import { type Policy, policy } from '../../policy/policy';
import { Unable } from '../failure';
import { ownerPolicy } from '../policy/policy-file';
import type { Caller } from './caller';
import { openPolicy } from './deployed-policy';

/** The policy of the file if one is given, otherwise the deployed one. */
export async function policyInForce(file: string | undefined, caller: Caller): Promise<Policy> {
  if (file !== undefined) return ownerPolicy(file);
  const { current } = await openPolicy(caller);
  const parsed = policy.safeParse(await current());
  if (parsed.success) return parsed.data;
  throw new Unable('The deployed policy is missing, or invalid for this version. Publish a valid one, or specify a file with --policy.');
}
