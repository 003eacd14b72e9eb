import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import type { Aws, Grant } from '../../rule';

/** IAM offers no resource-level permission for it. */
export const agentReading: Grant = { actions: ['ssm:DescribeInstanceInformation'], on: '*' };

/** Whether the agent of Systems Manager on an instance answers. */
export async function isOnline(id: string, aws: Aws): Promise<boolean> {
  const { InstanceInformationList = [] } = await aws.send(
    new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [id] }] }),
  );
  return InstanceInformationList.some(({ InstanceId, PingStatus }) => InstanceId === id && PingStatus === 'Online');
}
