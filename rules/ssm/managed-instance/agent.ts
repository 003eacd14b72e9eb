import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import type { Aws, Grant } from '../../rule';

/** IAM supports no resource-level permissions for it. */
export const agentReading: Grant = { actions: ['ssm:DescribeInstanceInformation'], on: '*' };

export interface Agent {
  /** The ping status: `Online`, `ConnectionLost` or `Inactive`; `unknown` if Systems Manager does not know the instance. */
  readonly status: string;
  /** The name of the operating system: `Amazon Linux`. */
  readonly system: string;
}

/** The ping status of the SSM Agent on an instance. */
export const readAgent = async (id: string, aws: Aws): Promise<string> => (await describeAgent(id, aws)).status;

/** The SSM Agent on an instance. */
export async function describeAgent(id: string, aws: Aws): Promise<Agent> {
  const { InstanceInformationList = [] } = await aws.send(
    new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [id] }] }),
  );
  const { PingStatus = 'unknown', PlatformName = 'unknown' } = InstanceInformationList.find(({ InstanceId }) => InstanceId === id) ?? {};
  return { status: PingStatus, system: PlatformName };
}

/** Whether an agent accepts commands. */
export const isOnline = (agent: string): boolean => agent === 'Online';
