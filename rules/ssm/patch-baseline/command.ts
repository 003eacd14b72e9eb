import { DescribeInstancePatchStatesCommand, type InstancePatchState, ListCommandsCommand } from '@aws-sdk/client-ssm';
import type { Aws, Grant } from '../../rule';

/** The command document of Patch Manager. */
export const DocumentName = 'AWS-RunPatchBaseline';

const instances = ['arn:{partition}:ec2:{region}:{account}:instance/*', 'arn:{partition}:ssm:{region}:{account}:managed-instance/*'];

export const patchReading: readonly Grant[] = [
  { actions: ['ssm:DescribeInstancePatchStates'], on: instances },
  // IAM supports no resource-level permissions for it.
  { actions: ['ssm:ListCommands'], on: '*' },
];

/** Sending any other document would let the rule run any command as root. */
export const patchSending: Grant = {
  actions: ['ssm:SendCommand'],
  on: [`arn:{partition}:ssm:{region}::document/${DocumentName}`, ...instances],
};

/** What Patch Manager reported last of an instance; undefined if it has never scanned or patched it. */
export async function readPatchState(id: string, aws: Aws): Promise<InstancePatchState | undefined> {
  const { InstancePatchStates: [found] = [] } = await aws.send(new DescribeInstancePatchStatesCommand({ InstanceIds: [id] }));
  return found;
}

/** Whether Patch Manager is at work on the instance. */
export async function isPatching(id: string, aws: Aws): Promise<boolean> {
  const Filters = [{ key: 'DocumentName' as const, value: DocumentName }];
  const { Commands = [] } = await aws.send(new ListCommandsCommand({ InstanceId: id, Filters, MaxResults: 50 }));
  return Commands.some(({ Status = '' }) => ['Pending', 'InProgress', 'Cancelling'].includes(Status));
}
