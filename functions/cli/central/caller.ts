import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Place } from '../../../rules/rule';
import type { Credentials } from '../../aws/connection';
import { memberRoles } from '../../aws/member-role';
import { systemClock } from '../../clock';
import { Unable } from '../failure';

/** Who runs the command line, and where. */
export interface Caller extends Place {
  /** The ARN of the user or the role session. */
  readonly arn: string;
  /** `aws:userid`, which begins the caller's trails of the log. */
  readonly userId: string;
  readonly credentials: () => Promise<Credentials>;
  /** Credentials for another account, by the rule's member role there; for the caller's own account, the caller's. */
  readonly credentialsFor: (rule: string, place: Place) => () => Promise<Credentials>;
}

/** Asks AWS who the caller is. */
export async function findCaller(): Promise<Caller> {
  const sts = new STSClient({ maxAttempts: 3 });
  const region = await sts.config.region();
  const { Account: account, Arn: arn, UserId: userId } = await sts.send(new GetCallerIdentityCommand({}));
  if (!account || !arn || !userId) throw new Unable('AWS returned no identity for these credentials. Use other credentials.');
  const credentials = () => sts.config.credentials();
  const byRule = new Map<string, (place: Place) => () => Promise<Credentials>>();
  return {
    partition: arn.split(':')[1] ?? 'aws',
    account,
    region,
    arn,
    userId,
    credentials,
    credentialsFor(rule, place) {
      if (place.account === account) return credentials;
      const role = `arn:{partition}:iam::{account}:role/posture-${rule}`;
      const roles = byRule.get(rule) ?? memberRoles(sts, role, `posture-${rule}`, systemClock);
      byRule.set(rule, roles);
      return roles(place);
    },
  };
}
