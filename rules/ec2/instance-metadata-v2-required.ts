import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  EC2Client,
  type Instance,
  ModifyInstanceMetadataOptionsCommand,
  type ModifyInstanceMetadataOptionsCommandInput,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { defineRule, notFound } from '../rule';
import { describeInstance, instanceReading, isLeaving, listInstances } from './instance/describe';
import { instance } from './instance/resource';
import { hasAskedWithoutToken, quietDays, untokenedReading } from './instance/untokened';

const parameters = z.strictObject({
  hopLimit: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe(
      'How many network hops an answer of the metadata service may take, set along with the fix; kept as it is if left out. Containers need 2.',
    ),
  quietDays,
});

type Parameters = z.infer<typeof parameters>;

type State = {
  readonly httpTokens: string;
  readonly httpEndpoint: string;
  readonly hopLimit: number;
  /** Options that are enabled; those that are not are left out. */
  readonly enabled: readonly ('HttpProtocolIpv6' | 'InstanceMetadataTags')[];
  /** The service that runs the instance for its owner, such as EKS Auto Mode. */
  readonly operator?: string;
  /** Whether something on the instance has asked without a token of late. */
  readonly untokened?: true;
  /** Why nothing can be changed now. */
  readonly busy?: string;
};

export default defineRule({
  id: 'ec2-instance-metadata-v2-required',
  title: 'EC2 instances answer only metadata requests that carry a session token (IMDSv2)',
  why: 'Without a token, a flaw that lets an attacker have the instance fetch a URL is enough to steal the credentials of its role.',
  impact:
    'Programs on the instance that ask for metadata or credentials without a token (old SDKs and agents) fail from then on. Where the CloudWatch metric `MetadataNoToken` shows that there are any, the instance is left alone.',
  severity: 'high',
  risk: 'disruptive',
  resource: instance,
  property: 'MetadataOptions.HttpTokens',
  detectedBy: { securityHub: ['EC2.8'], config: ['ec2-imdsv2-check'] },
  permissions: {
    inspect: [instanceReading, untokenedReading],
    change: { actions: ['ec2:ModifyInstanceMetadataOptions'], on: 'arn:{partition}:ec2:{region}:{account}:instance/*' },
  },
  clients: [EC2Client, CloudWatchClient],
  commands: [ModifyInstanceMetadataOptionsCommand],
  parameters,
  settle: 60,

  async inspect({ id }, aws, chosen: Parameters, now: Date): Promise<State | typeof notFound> {
    const found = await describeInstance(id, aws);
    if (!found || isLeaving(found)) return notFound;
    const state = stateOf(found);
    if (state.httpTokens === 'required') return state;
    const untokened = await hasAskedWithoutToken({ InstanceId: id }, { days: chosen.quietDays, now }, aws);
    return { ...state, ...(untokened && { untokened }) };
  },

  plan({ id }, state, { parameters: { hopLimit, quietDays: days } }) {
    const { httpTokens, httpEndpoint, operator, untokened, busy } = state;
    if (httpTokens === 'required' && busy !== applying) return [];
    if (operator !== undefined) return { unfixable: `The instance ${id} is managed by ${operator}, and its owner can not change it.` };
    if (httpEndpoint !== 'enabled') {
      return {
        unfixable: `The metadata service of ${id} is turned off, so that it answers nobody; AWS takes no HttpTokens for it as long as it is.`,
      };
    }
    if (untokened)
      return {
        unfixable: `Something on ${id} has asked for metadata without a token in the last ${days} days, and would fail. Update it, or set quietDays to 0.`,
      };
    if (busy !== undefined) return { blocked: `The instance ${id} can not be changed now: ${busy}.` };
    return [
      {
        do: options(id, { ...state, httpTokens: 'required', hopLimit: hopLimit ?? state.hopLimit }),
        undo: options(id, state),
      },
    ];
  },

  list: (_, aws) => listInstances(aws),
});

const applying = 'other options of its metadata service are being applied';

function stateOf({ MetadataOptions = {}, Operator, State }: Instance): State {
  const { HttpTokens = 'optional', HttpEndpoint = 'enabled', HttpPutResponseHopLimit = 1 } = MetadataOptions;
  const busy = busyness(State?.Name, MetadataOptions.State);
  return {
    httpTokens: HttpTokens,
    httpEndpoint: HttpEndpoint,
    hopLimit: HttpPutResponseHopLimit,
    enabled: (['HttpProtocolIpv6', 'InstanceMetadataTags'] as const).filter((option) => MetadataOptions[option] === 'enabled'),
    ...(Operator?.Managed && { operator: Operator.Principal ?? 'another service' }),
    ...(busy && { busy }),
  };
}

/** AWS changes the options of running and stopped instances; those of a stopped one stay pending until it starts. */
function busyness(name: string | undefined, options: string | undefined): string | undefined {
  if (name === 'running') return options === 'pending' ? applying : undefined;
  return name === 'stopped' ? undefined : `it is ${name}`;
}

// What is enabled is said again, so that it does not fall back to a default; what is disabled is not, as some regions refuse the option.
function options(InstanceId: string, { httpTokens, hopLimit, enabled }: State): ModifyInstanceMetadataOptionsCommand {
  return new ModifyInstanceMetadataOptionsCommand({
    InstanceId,
    HttpTokens: httpTokens as ModifyInstanceMetadataOptionsCommandInput['HttpTokens'],
    HttpEndpoint: 'enabled',
    HttpPutResponseHopLimit: hopLimit,
    ...Object.fromEntries(enabled.map((option) => [option, 'enabled'])),
  });
}
