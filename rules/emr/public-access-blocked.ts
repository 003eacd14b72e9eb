import {
  EMRClient,
  GetBlockPublicAccessConfigurationCommand,
  type PortRange,
  PutBlockPublicAccessConfigurationCommand,
} from '@aws-sdk/client-emr';
import { accountInRegion } from '../account';
import { defineRule } from '../rule';

/** Ports that may be open to everybody all the same, from `first` to `last`. */
type Ports = { readonly first: number; readonly last: number };

/** Null where AWS says nothing: an account that never set it. */
type State = { readonly blocked: boolean; readonly permitted: readonly Ports[] | null };

export default defineRule({
  id: 'emr-public-access-blocked',
  title: 'EMR starts no cluster that the internet reaches, but for SSH',
  why: 'The web interfaces and services of a cluster run whatever they are told, and ask nobody who they are.',
  impact:
    'Clusters that run go on. From now on EMR refuses to start one, in this region, whose security groups let everybody in on a port other than 22; a port that was permitted on purpose no longer is.',
  severity: 'critical',
  risk: 'disruptive',
  reversible: 'nearly',
  resource: accountInRegion,
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
    return [
      permitted === null ? { ...change, nearest: 'AWS can not forget that this was once set: it is off, and no port is named.' } : change,
    ];
  },

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
