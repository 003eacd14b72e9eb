import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import type { Aws, Grant } from '../../rule';

/** IAM supports no resource-level permissions for it. */
export const agentReading: Grant = { actions: ['ssm:DescribeInstanceInformation'], on: '*' };

/** The ping status of the SSM Agent on an instance: `Online`, `ConnectionLost` or `Inactive`; `unknown` if Systems Manager does not know the instance. */
export async function readAgent(id: string, aws: Aws): Promise<string> {
  const { InstanceInformationList = [] } = await aws.send(
    new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [id] }] }),
  );
  return InstanceInformationList.find(({ InstanceId }) => InstanceId === id)?.PingStatus ?? 'unknown';
}

/** Whether an agent accepts commands. */
export const isOnline = (agent: string): boolean => agent === 'Online';
