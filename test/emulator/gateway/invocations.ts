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

/** Asynchronous invocations of Lambda, which moto would run in Docker. */
export const emulateInvocations = () => {
  const invocations: Invocation[] = [];
  const operations: LocalOperations = {
    'lambda:Invoke'({ input }, { account }, { body }) {
      invocations.push({
        account,
        function: String(input.FunctionName).replace(/^arn:.*:function:/, ''),
        event: JSON.parse(body.toString()) as unknown,
      });
      return accepted;
    },
  };
  return { invocations, operations };
};
