import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import type { Aws, Grant } from '../../rule';

/** IAM supports no resource-level permissions for it. */
export const agentReading: Grant = { actions: ['ssm:DescribeInstanceInformation'], on: '*' };

/** How the agent of Systems Manager on an instance answers: `Online`, or else `ConnectionLost` or `Inactive`; `unknown` where Systems Manager knows none. */
export async function readAgent(id: string, aws: Aws): Promise<string> {
  const { InstanceInformationList = [] } = await aws.send(
    new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [id] }] }),
  );
  return InstanceInformationList.find(({ InstanceId }) => InstanceId === id)?.PingStatus ?? 'unknown';
}

/** Whether an agent takes commands. */
export const isOnline = (agent: string): boolean => agent === 'Online';
