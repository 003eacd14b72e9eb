import {
  EMRClient,
  GetBlockPublicAccessConfigurationCommand,
  type PortRange,
  PutBlockPublicAccessConfigurationCommand,
} from '@aws-sdk/client-emr';
import { accountInRegion } from '../account';
import { defineRule } from '../rule';

/** Ports with permitted public access, from `first` to `last`. */
type Ports = { readonly first: number; readonly last: number };

/** `permitted`: null if the account has never set it. */
type State = { readonly blocked: boolean; readonly permitted: readonly Ports[] | null };

export default defineRule({
  id: 'emr-public-access-blocked',
  title: 'EMR block public access is enabled, except for SSH',
  why: 'The web interfaces and services of a cluster run commands without authentication.',
  impact:
    'Running clusters are not affected. From now on, EMR does not start clusters in this Region whose security groups allow public access on a port other than 22. Other ports that were permitted on purpose no longer are.',
  severity: 'critical',
  risk: 'disruptive',
  reversible: 'nearly',
  resource: accountInRegion,
  changedBy: { service: 'elasticmapreduce', calls: { account: ['PutBlockPublicAccessConfiguration'] } },
  detectedBy: { securityHub: ['EMR.2'], config: ['emr-block-public-access'] },
  // IAM offers no resource-level permission for these.
  permissions: {
    inspect: { actions: ['elasticmapreduce:GetBlockPublicAccessConfiguration'], on: '*' },
    change: { actions: ['elasticmapreduce:PutBlockPublicAccessConfiguration'], on: '*' },
  },
  clients: [EMRClient],
  commands: [PutBlockPublicAccessConfigurationCommand],

  async inspect(_account, aws): Promise<State> {
    const { BlockPublicAccessConfiguration: found } = await aws.send(new GetBlockPublicAccessConfigurationCommand({}));
    return {
      blocked: found?.BlockPublicSecurityGroupRules ?? false,
      permitted: found?.PermittedPublicSecurityGroupRuleRanges?.flatMap(portsOf) ?? null,
    };
  },

  plan(_account, { blocked, permitted }) {
    const kept = (permitted ?? []).some(({ first, last }) => first <= ssh && ssh <= last) ? [{ first: ssh, last: ssh }] : [];
    const others = (permitted ?? []).some(({ first, last }) => first !== ssh || last !== ssh);
    if (blocked && !others) return [];
    const change = { do: setting(true, kept), undo: setting(blocked, permitted) };
    return [permitted === null ? { ...change, nearest: 'The setting cannot be removed: it is off, without permitted ports.' } : change];
  },

  targets: () => ({ PutBlockPublicAccessConfiguration: {} }),

  list: async ({ account }) => [account],
});

const ssh = 22;

const portsOf = ({ MinRange, MaxRange }: PortRange): Ports | [] =>
  MinRange === undefined ? [] : { first: MinRange, last: MaxRange ?? MinRange };

const setting = (BlockPublicSecurityGroupRules: boolean, permitted: readonly Ports[] | null) =>
  new PutBlockPublicAccessConfigurationCommand({
    BlockPublicAccessConfiguration: {
      BlockPublicSecurityGroupRules,
      ...(permitted && {
        PermittedPublicSecurityGroupRuleRanges: permitted.map(({ first, last }) => ({ MinRange: first, MaxRange: last })),
      }),
    },
  });
