import { DescribeInstanceAttributeCommand, EC2Client, type Instance, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { type Aws, defineRule, notFound } from '../rule';
import { describeInstance, instanceReading, listInstances } from './instance/describe';
import { instance } from './instance/resource';

const parameters = z.strictObject({
  allowedDays: z.int().min(1).max(3650).default(30).describe('For how many days an instance may be stopped.'),
});

type State = {
  readonly name: string;
  /** Since when it is stopped, in ISO 8601; absent where AWS does not say. */
  readonly since?: string;
  /** Whether it is protected against termination. */
  readonly kept?: true;
  /** What runs the instance for its owner: another service, or what would launch one in its place. */
  readonly operator?: string;
};

const day = 86_400_000;
const instances = 'arn:{partition}:ec2:{region}:{account}:instance/*';

export default defineRule({
  id: 'ec2-instance-stopped-removed',
  title: 'EC2 instances that have been stopped for long are removed',
  why: 'A stopped instance gets no patches, and brings back all that was found since on the day that somebody starts it.',
  impact:
    'The instance is terminated once somebody approves it, and its volumes are deleted with it where they are set to be. Snapshots and images stay.',
  severity: 'medium',
  risk: 'disruptive',
  reversible: 'never',
  resource: instance,
  detectedBy: { securityHub: ['EC2.4'], config: ['ec2-stopped-instance'] },
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
      return { unfixable: `AWS does not say since when ${id} is stopped. Start it, or terminate it by hand if nobody needs it.` };
    if (now.getTime() - Date.parse(since) <= allowedDays * day) return [];
    if (operator !== undefined) return { unfixable: `The instance ${id} is managed by ${operator}, and its owner can not terminate it.` };
    if (kept)
      return {
        unfixable: `The instance ${id} is protected against termination, so somebody wants to keep it. Take the protection off, or exempt the instance by a tag.`,
      };
    return [
      {
        do: new TerminateInstancesCommand({ InstanceIds: [id] }),
        irreversible:
          'A terminated instance does not come back, and neither do the volumes that are deleted with it. Make an image first if in doubt.',
      },
    ];
  },

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
  // Of a warm pool, or on standby.
  const group = Tags.find(({ Key }) => Key === 'aws:autoscaling:groupName');
  if (group) return `the Auto Scaling group ${group.Value}`;
  return InstanceLifecycle === 'spot' ? `the Spot request ${SpotInstanceRequestId}` : undefined;
}
