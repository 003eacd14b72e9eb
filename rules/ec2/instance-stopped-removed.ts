import { DescribeInstanceAttributeCommand, EC2Client, type Instance, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { atMost } from '../detector-parameters';
import { days } from '../duration';
import { type Aws, defineRule, notFound } from '../rule';
import { describeInstance, instanceReading, listInstances } from './instance/describe';
import { instance } from './instance/resource';

const parameters = z.strictObject({
  allowedDays: z.int().min(1).max(3650).default(30).describe('The maximum number of days that an instance may be stopped.'),
});

type State = {
  readonly name: string;
  /** When it was stopped, in ISO 8601; absent if AWS does not say. */
  readonly since?: string;
  /** Whether termination protection is enabled. */
  readonly kept?: true;
  /** What manages the instance: another service, or a group or request that would launch a replacement. */
  readonly operator?: string;
};

const instances = 'arn:{partition}:ec2:{region}:{account}:instance/*';

export default defineRule({
  id: 'ec2-instance-stopped-removed',
  title: 'Stopped EC2 instances are removed after 30 days',
  why: 'A stopped instance is not patched, and exposes every vulnerability found since when it starts again.',
  impact:
    'The instance is terminated after an approval, along with the volumes that are set to be deleted on termination. Snapshots and images stay.',
  severity: 'medium',
  risk: 'disruptive',
  reversible: 'never',
  resource: instance,
  detectedBy: { securityHub: ['EC2.4'], config: ['ec2-stopped-instance'] },
  detectorParameters: {
    'EC2.4': { AllowedDays: atMost('allowedDays') },
    'ec2-stopped-instance': { AllowedDays: atMost('allowedDays', { absent: '30' }) },
  },
  permissions: {
    inspect: [instanceReading, { actions: ['ec2:DescribeInstanceAttribute'], on: instances }],
    change: { actions: ['ec2:TerminateInstances'], on: instances },
  },
  clients: [EC2Client],
  commands: [TerminateInstancesCommand],
  parameters,
  settle: 600,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const found = await describeInstance(id, aws);
    if (!found) return notFound;
    return found.State?.Name === 'stopped' ? stateOf(id, found, aws) : { name: found.State?.Name ?? 'unknown' };
  },

  plan({ id }, { name, since, kept, operator }, { parameters: { allowedDays }, now }) {
    if (name !== 'stopped') return [];
    if (since === undefined)
      return {
        unfixable: `AWS does not say when ${id} was stopped. Start it, or terminate it manually if it is not needed.`,
        code: 'stop-time-unknown',
      };
    if (now.getTime() - Date.parse(since) <= days(allowedDays)) return [];
    if (operator !== undefined)
      return { unfixable: `${operator} manages the instance ${id}, and its owner cannot terminate it.`, code: 'owned-by-service' };
    if (kept)
      return {
        unfixable: `Termination protection is enabled for the instance ${id}. Disable it, or exempt the instance by a tag.`,
        code: 'termination-protected',
      };
    return [
      {
        do: new TerminateInstancesCommand({ InstanceIds: [id] }),
        irreversible:
          'A terminated instance cannot be restored, nor can the volumes that are deleted with it. Create an image first if in doubt.',
      },
    ];
  },

  targets: ({ id }) => ({ TerminateInstances: { 'InstanceIds[]': id } }),

  list: (_, aws) => listInstances(aws),
});

async function stateOf(InstanceId: string, found: Instance, aws: Aws): Promise<State> {
  const attribute = new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'disableApiTermination' });
  const { DisableApiTermination } = await aws.send(attribute);
  // `User initiated (2026-10-01 12:00:00 GMT)`
  const [, date, time] = /\((\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:GMT|UTC)\)/.exec(found.StateTransitionReason ?? '') ?? [];
  const operator = operatorOf(found);
  return {
    name: 'stopped',
    ...(date !== undefined && { since: `${date}T${time}Z` }),
    ...(DisableApiTermination?.Value && { kept: true }),
    ...(operator !== undefined && { operator }),
  };
}

function operatorOf({ Operator, Tags = [], InstanceLifecycle, SpotInstanceRequestId }: Instance): string | undefined {
  if (Operator?.Managed) return Operator.Principal ?? 'another service';
  // In a warm pool, or on standby.
  const group = Tags.find(({ Key }) => Key === 'aws:autoscaling:groupName');
  if (group) return `the Auto Scaling group ${group.Value}`;
  return InstanceLifecycle === 'spot' ? `the Spot request ${SpotInstanceRequestId}` : undefined;
}
