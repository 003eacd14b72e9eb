import { GetAutomationExecutionCommand, type SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import type { OrderRequest } from './order-request';
import { isCaller } from './url-request';

const event = z.strictObject({ automation: z.string().regex(/^[0-9a-f-]{36}$/) });

/** By these SSM documents people give orders in the console, by one click. */
const orders: Readonly<Record<string, string>> = { 'posture-stop': 'stop', 'posture-resume': 'resume' };

/** The order of an SSM automation, and who started it: that is asked of SSM, and not believed of the event. Undefined for any other event. */
export async function readAutomation(given: unknown, ssm: SSMClient): Promise<OrderRequest | undefined> {
  const parsed = event.safeParse(given);
  if (!parsed.success) return undefined;
  const { AutomationExecution: execution } = await ssm.send(
    new GetAutomationExecutionCommand({ AutomationExecutionId: parsed.data.automation }),
  );
  const { DocumentName = '', ExecutedBy, Parameters, AutomationExecutionStatus: status } = execution ?? {};
  const order = Object.hasOwn(orders, DocumentName) ? orders[DocumentName] : undefined;
  // One that is over was carried out: its id is no order any more.
  if (!order || !ExecutedBy || !isCaller(ExecutedBy) || status !== 'InProgress') {
    throw new Error(`The automation ${parsed.data.automation} (${DocumentName}, ${status}) is none that gives orders now.`);
  }
  return { by: ExecutedBy, given: { order, why: Parameters?.Why?.[0] ?? '' } };
}
