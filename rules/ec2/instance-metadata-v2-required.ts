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
    .describe('The hop limit for metadata responses, set together with the fix; unchanged if left out. Containers need 2.'),
  quietDays,
});

type Parameters = z.infer<typeof parameters>;

type State = {
  readonly httpTokens: string;
  readonly httpEndpoint: string;
  readonly hopLimit: number;
  /** The enabled options; disabled ones are left out. */
  readonly enabled: readonly ('HttpProtocolIpv6' | 'InstanceMetadataTags')[];
  /** The service that manages the instance, such as EKS Auto Mode. */
  readonly operator?: string;
  /** Whether a program on the instance used IMDSv1 recently. */
  readonly untokened?: true;
  /** What prevents a change now. */
  readonly busy?: string;
};

export default defineRule({
  id: 'ec2-instance-metadata-v2-required',
  title: 'EC2 instances require IMDSv2',
  why: 'With IMDSv1, a server-side request forgery (SSRF) vulnerability on an instance is enough to steal the credentials of its role.',
  impact:
    'Programs on the instance that use IMDSv1 (old SDKs and agents) fail. If the CloudWatch metric `MetadataNoToken` shows such requests, the instance is not changed.',
  severity: 'high',
  risk: 'disruptive',
  resource: instance,
  property: 'MetadataOptions.HttpTokens',
  detectedBy: { securityHub: ['EC2.8'], config: ['ec2-imdsv2-check'], guardDuty: { types: ['UnauthorizedAccess:EC2/MetadataDNSRebind'] } },
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
    if (operator !== undefined)
      return { unfixable: `${operator} manages the instance ${id}, and its owner cannot change it.`, code: 'owned-by-service' };
    if (httpEndpoint !== 'enabled') {
      return {
        unfixable: `The metadata service of ${id} is disabled, so no requests are answered, and EC2 does not accept HttpTokens until it is enabled.`,
        code: 'metadata-service-disabled',
      };
    }
    if (untokened)
      return {
        unfixable: `Programs on ${id} used IMDSv1 in the last ${days} days, and would fail. Update them, or set quietDays to 0.`,
        code: 'imds-v1-in-use',
      };
    if (busy !== undefined) return { blocked: `The instance ${id} cannot be changed now: ${busy}.`, code: 'being-modified' };
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

/** The options of running and stopped instances can be changed; those of a stopped instance stay pending until it starts. */
function busyness(name: string | undefined, options: string | undefined): string | undefined {
  if (name === 'running') return options === 'pending' ? applying : undefined;
  return name === 'stopped' ? undefined : `it is ${name}`;
}

// Enabled options are sent again to keep them from falling back to a default; disabled ones are not, as some regions reject the option.
function options(InstanceId: string, { httpTokens, hopLimit, enabled }: State): ModifyInstanceMetadataOptionsCommand {
  return new ModifyInstanceMetadataOptionsCommand({
    InstanceId,
    HttpTokens: httpTokens as ModifyInstanceMetadataOptionsCommandInput['HttpTokens'],
    HttpEndpoint: 'enabled',
    HttpPutResponseHopLimit: hopLimit,
    ...Object.fromEntries(enabled.map((option) => [option, 'enabled'])),
  });
}
