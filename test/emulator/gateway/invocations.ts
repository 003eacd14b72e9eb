import type { LocalOperations } from './local';
import type { Answer } from './upstream';

/** An event that a function was invoked with. Nothing runs it: a test delivers it where it wants. */
export interface Invocation {
  readonly account: string;
  /** Its name, also where it was invoked by its ARN. */
  readonly function: string;
  readonly event: unknown;
}

const accepted: Answer = { status: 202, rawHeaders: ['content-type', 'application/json'], headers: {}, body: Buffer.from('') };

/** Invocations of Lambda, which moto would run in Docker: asynchronous ones, and those that a test replies to, by the name of the function. */
export const emulateInvocations = () => {
  const invocations: Invocation[] = [];
  const replies = new Map<string, (event: unknown) => Promise<unknown>>();
  const operations: LocalOperations = {
    async 'lambda:Invoke'({ input }, { account }, { body }) {
      const name = String(input.FunctionName).replace(/^arn:.*:function:/, '');
      const event = JSON.parse(body.toString()) as unknown;
      invocations.push({ account, function: name, event });
      const reply = replies.get(name);
      if (!reply) return accepted;
      return { ...accepted, status: 200, body: Buffer.from(JSON.stringify(await reply(event))) };
    },
  };
  return { invocations, replies, operations };
};
