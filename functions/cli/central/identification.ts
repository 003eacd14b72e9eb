import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { connect } from '../../aws/connection';
import { systemClock } from '../../clock';
import type { Policy } from '../../policy/policy';
import { describedRules } from '../../sources/config/deployed-rule';
import type { Identification } from '../../sources/config/identify';
import { quote } from '../../untrusted-text';
import { Unable } from '../failure';
import type { Caller } from './caller';

/** Asks AWS Config of the caller's account what a Config rule is, with the caller's credentials. */
export function identificationBy({ account, credentials }: Caller, policy: Policy): Identification {
  const describe = describedRules(({ region }) => connect([ConfigServiceClient], { region, credentials }), systemClock);
  return {
    policy: async () => policy,
    async describe(rule, options) {
      if (rule.account === account) return describe(rule, options);
      throw new Unable(
        `Which managed rule the Config rule ${quote(rule.name)} is can only be asked in account ${rule.account}. Use credentials for that account, or map the name under configRules in the policy.`,
      );
    },
  };
}
