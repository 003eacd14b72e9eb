import { GetAutomationExecutionCommand, type SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import type { OrderRequest } from './order-request';
import { isCaller } from './url-request';

const event = z.strictObject({ automation: z.string().regex(/^[0-9a-f-]{36}$/) });

/** The requests of the SSM documents. */
const orders: Readonly<Record<string, string>> = { 'posture-stop': 'stop', 'posture-resume': 'resume' };

/** The request of an SSM automation, and the principal that started it, which is read from SSM, not from the event. Undefined for any other event. */
export async function readAutomation(given: unknown, ssm: SSMClient): Promise<OrderRequest | undefined> {
  const parsed = event.safeParse(given);
  if (!parsed.success) return undefined;
  const { AutomationExecution: execution } = await ssm.send(
    new GetAutomationExecutionCommand({ AutomationExecutionId: parsed.data.automation }),
  );
  const { DocumentName = '', ExecutedBy, Parameters, AutomationExecutionStatus: status } = execution ?? {};
  const order = Object.hasOwn(orders, DocumentName) ? orders[DocumentName] : undefined;
  // A finished execution was handled before: its id is no longer valid.
  if (!order || !ExecutedBy || !isCaller(ExecutedBy) || status !== 'InProgress') {
    throw new Error(
      `The automation ${parsed.data.automation} (${DocumentName}, ${status}) is not a running execution of posture-stop or posture-resume.`,
    );
  }
  return { by: ExecutedBy, given: { order, why: Parameters?.Why?.[0] ?? '' } };
}
