import { EC2Client } from '@aws-sdk/client-ec2';
import { DescribeInstanceInformationCommand, SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { instance } from '../ec2/instance/resource';
import { collect } from '../pages';
import { defineRule, notFound } from '../rule';
import { agentReading, isOnline, readAgent } from './managed-instance/agent';
import { DocumentName, isPatching, patchReading, patchSending, readPatchState } from './patch-baseline/command';
import { instanceIn, patchCompliance } from './patch-compliance/resource';

const parameters = z.strictObject({
  rebootOption: z
    .enum(['RebootIfNeeded', 'NoReboot'])
    .default('RebootIfNeeded')
    .describe('Whether the instance restarts if a patch requires it. With NoReboot, it is compliant only after its next restart.'),
});

type State = {
  readonly instance: string;
  /** Missing or failed patches. */
  readonly lacking: number;
  /** Patches that require a restart to take effect. */
  readonly awaiting: number;
  /** Installed patches that the baseline rejects. */
  readonly rejected: number;
  /** All noncompliant patches, as Systems Manager counts them. */
  readonly odd: number;
  readonly online: boolean;
  readonly patching: boolean;
};

export default defineRule({
  id: 'ssm-instance-patched',
  title: 'Managed instances comply with their patch baseline',
  why: 'Many attacks exploit vulnerabilities for which a patch exists.',
  impact:
    'The patches of the baseline are installed immediately, and the instance restarts if they require it: its workloads are unavailable for minutes. A patch can also break a program.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'never',
  resource: [patchCompliance, instance],
  detectedBy: { securityHub: ['SSM.2'], config: ['ec2-managedinstance-patch-compliance-status-check'] },
  permissions: {
    inspect: [agentReading, ...patchReading],
    change: patchSending,
  },
  clients: [SSMClient, EC2Client],
  commands: [SendCommandCommand],
  parameters,
  settle: 7200,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const InstanceId = instanceIn(id);
    if (InstanceId === undefined) return notFound;
    const found = await readPatchState(InstanceId, aws);
    if (!found) return notFound;
    const { MissingCount = 0, FailedCount = 0, InstalledPendingRebootCount: awaiting = 0, InstalledRejectedCount: rejected = 0 } = found;
    const { CriticalNonCompliantCount = 0, SecurityNonCompliantCount = 0, OtherNonCompliantCount = 0 } = found;
    const lacking = MissingCount + FailedCount;
    const odd = CriticalNonCompliantCount + SecurityNonCompliantCount + OtherNonCompliantCount;
    const state = { instance: InstanceId, lacking, awaiting, rejected, odd };
    if (lacking + awaiting === 0) return { ...state, online: true, patching: false };
    return { ...state, online: isOnline(await readAgent(InstanceId, aws)), patching: await isPatching(InstanceId, aws) };
  },

  plan(_, { instance: id, lacking, awaiting, rejected, odd, online, patching }, { parameters: { rebootOption } }) {
    if (lacking + awaiting + rejected + odd === 0) return [];
    if (lacking + awaiting === 0)
      return {
        unfixable:
          rejected > 0
            ? `${rejected} patches that the baseline rejects are installed on ${id}. Uninstall them manually, or remove them from the rejected patches.`
            : `${odd} patches on ${id} do not comply with the baseline, and an installation would not change that. Approve them in the baseline, or install them manually.`,
        code: rejected > 0 ? 'rejected-patches-installed' : 'patches-not-approved',
      };
    if (patching) return { blocked: `Patches are being installed on ${id}.`, code: 'being-modified' };
    if (lacking === 0 && rebootOption === 'NoReboot')
      return { blocked: `Patches are installed on ${id} and take effect at its next restart.`, code: 'restart-pending' };
    if (!online)
      return {
        unfixable: `The agent on ${id} is not connected to Systems Manager, so patches cannot be installed. Fix SSM.1 first.`,
        code: 'agent-not-connected',
      };
    return [
      {
        do: new SendCommandCommand({
          DocumentName,
          InstanceIds: [id],
          Parameters: { Operation: ['Install'], RebootOption: [rebootOption] },
          Comment: 'Security Hub SSM.2',
        }),
        irreversible: 'Installed patches are not removed, and a restart cannot be undone.',
      },
    ];
  },

  targets: ({ id }) => ({ SendCommand: { DocumentName, 'InstanceIds[]': instanceIn(id) ?? [], Targets: null } }),

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
