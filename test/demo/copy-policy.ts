import { channels } from '../../functions/control/channel';
import type { Account } from '../emulator/account';
import type { Gateway } from '../emulator/gateway';
import { startLambda } from '../emulator/lambda';
import type { Deployment } from './deploy';

/** The event of the schedules. */
export const scheduled = { source: 'aws.events', 'detail-type': 'Scheduled Event' };

/** Has the control function copy the policy in force, as every minute. */
export async function copyPolicy({ account, region }: Account, gateway: Gateway, { control }: Deployment): Promise<void> {
  const { memory, timeoutSeconds, ...deployed } = control;
  const host = startLambda({ ...deployed, account, region, memory, timeoutSeconds, endpoint: gateway.url, alias: channels.policy });
  try {
    const invocation = await host.invoke(scheduled);
    if (!('result' in invocation)) throw new Error(`The policy was not copied: ${JSON.stringify(invocation)}\n${host.logs.join('\n')}`);
  } finally {
    await host.stop();
  }
}
