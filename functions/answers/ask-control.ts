import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { AnswerOrder } from '../control/answer-request';
import type { RefusalCode, Reply } from '../control/reply';
import { RetryLater } from '../tickets/retry-later';

const replyShape = z.union([
  z.object({ done: z.literal(true), reason: z.string() }),
  z.object({
    done: z.literal(false),
    refused: z.enum(['invalid', 'forbidden', 'not-found', 'conflict']),
    code: z.string().transform((code) => code as RefusalCode),
    reason: z.string(),
  }),
]);
const replies = z.tuple([replyShape]);
const retryAfter = 60;

/** Asks the control function by its alias for answers, `posture-control:answers`. Throws a RetryLater if it fails, or can't read the policy: nothing was decided then. */
export async function askControl(lambda: LambdaClient, FunctionName: string, answer: AnswerOrder): Promise<Reply> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, InvocationType: 'RequestResponse', Payload: Buffer.from(JSON.stringify({ answer })) }),
  );
  const text = Buffer.from(Payload ?? []).toString('utf8');
  const parsed = FunctionError === undefined ? replies.safeParse(parse(text)) : undefined;
  if (!parsed?.success) throw new RetryLater(retryAfter, `The control function gave no reply (${FunctionError ?? 'unreadable'}).`);
  const [reply] = parsed.data;
  if (!reply.done && reply.code === 'policy-unreadable') throw new RetryLater(retryAfter, reply.reason);
  return reply;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
