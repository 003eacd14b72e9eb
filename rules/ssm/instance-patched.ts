import { EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeInstanceInformationCommand,
  DescribeInstancePatchStatesCommand,
  ListCommandsCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { instance } from '../ec2/instance/resource';
import { collect } from '../pages';
import { defineRule, gone } from '../rule';
import { agentReading, isOnline, readAgent } from './managed-instance/agent';
import { instanceIn, patchCompliance } from './patch-compliance/resource';

const DocumentName = 'AWS-RunPatchBaseline';

const parameters = z.strictObject({
  rebootOption: z
    .enum(['RebootIfNeeded', 'NoReboot'])
    .default('RebootIfNeeded')
    .describe('Whether the instance restarts where a patch asks for it. Without, it counts as patched only after the next restart.'),
});

type State = {
  readonly instance: string;
  /** Patches that are missing or failed. */
  readonly lacking: number;
  /** Those that wait for a restart. */
  readonly awaiting: number;
  /** Those installed against the baseline. */
  readonly rejected: number;
  /** All that are at odds with the baseline, as Systems Manager counts them. */
  readonly odd: number;
  readonly online: boolean;
  readonly patching: boolean;
};

const instances = ['arn:{partition}:ec2:{region}:{account}:instance/*', 'arn:{partition}:ssm:{region}:{account}:managed-instance/*'];

export default defineRule({
  id: 'ssm-instance-patched',
  title: 'Managed instances have the patches that their baseline asks for',
  why: 'Most break-ins use holes for which there is a patch.',
  impact:
    'The patches of the baseline are installed at once, and the instance restarts where they ask for it: what runs on it is away for minutes. A patch can also break a program.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'never',
  resource: [patchCompliance, instance],
  detectedBy: { securityHub: ['SSM.2'], config: ['ec2-managedinstance-patch-compliance-status-check'] },
  permissions: {
    inspect: [
      agentReading,
      { actions: ['ssm:DescribeInstancePatchStates'], on: instances },
      // IAM supports no resource-level permissions for it.
      { actions: ['ssm:ListCommands'], on: '*' },
    ],
    change: { actions: ['ssm:SendCommand'], on: [`arn:{partition}:ssm:{region}::document/${DocumentName}`, ...instances] },
  },
  clients: [SSMClient, EC2Client],
  commands: [SendCommandCommand],
  parameters,
  settle: 7200,

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const InstanceId = instanceIn(id);
    if (InstanceId === undefined) return gone;
    const { InstancePatchStates: [found] = [] } = await aws.send(new DescribeInstancePatchStatesCommand({ InstanceIds: [InstanceId] }));
    if (!found) return gone;
    const { MissingCount = 0, FailedCount = 0, InstalledPendingRebootCount: awaiting = 0, InstalledRejectedCount: rejected = 0 } = found;
    const { CriticalNonCompliantCount = 0, SecurityNonCompliantCount = 0, OtherNonCompliantCount = 0 } = found;
    const lacking = MissingCount + FailedCount;
    const odd = CriticalNonCompliantCount + SecurityNonCompliantCount + OtherNonCompliantCount;
    const state = { instance: InstanceId, lacking, awaiting, rejected, odd };
    if (lacking + awaiting === 0) return { ...state, online: true, patching: false };
    return { ...state, online: isOnline(await readAgent(InstanceId, aws)), patching: await isPatching(InstanceId) };

    async function isPatching(id: string): Promise<boolean> {
      const Filters = [{ key: 'DocumentName' as const, value: DocumentName }];
      const { Commands = [] } = await aws.send(new ListCommandsCommand({ InstanceId: id, Filters, MaxResults: 50 }));
      return Commands.some(({ Status = '' }) => ['Pending', 'InProgress', 'Cancelling'].includes(Status));
    }
  },

  plan(_, { instance: id, lacking, awaiting, rejected, odd, online, patching }, { parameters: { rebootOption } }) {
    if (lacking + awaiting + rejected + odd === 0) return [];
    if (lacking + awaiting === 0)
      return {
        unfixable:
          rejected > 0
            ? `${rejected} patches are installed on ${id} that its baseline rejects: take them off by hand, or out of that list.`
            : `${odd} patches are at odds with the baseline of ${id}, and an installation would change nothing: approve them there, or install them by hand.`,
      };
    if (patching) return { blocked: `Patches are being installed on ${id}.` };
    if (lacking === 0 && rebootOption === 'NoReboot') return { blocked: `Patches are installed on ${id}, and wait for its next restart.` };
    if (!online) return { unfixable: `The agent on ${id} does not answer Systems Manager, so nothing can be installed: fix SSM.1 first.` };
    return [
      {
        do: new SendCommandCommand({
          DocumentName,
          InstanceIds: [id],
          Parameters: { Operation: ['Install'], RebootOption: [rebootOption] },
          Comment: 'Security Hub SSM.2',
        }),
        irreversible: 'Patches stay, and a restart has been.',
      },
    ];
  },

  async list({ partition, region, account }, aws) {
    const found = await collect(
      (NextToken) => aws.send(new DescribeInstanceInformationCommand({ MaxResults: 50, NextToken })),
      ({ InstanceInformationList }) => InstanceInformationList,
      ({ NextToken }) => NextToken,
    );
    return found.flatMap(({ InstanceId }) =>
      InstanceId?.startsWith('i-') ? `arn:${partition}:ec2:${region}:${account}:instance/${InstanceId}` : [],
    );
  },
});
