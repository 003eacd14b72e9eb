import { InvokeCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { Result } from '../../remediate/context';
import { sentence, Unable } from '../failure';
import type { Handling } from '../replay/delivery';
import type { Caller } from './caller';

const answer = z.object({
  results: z.array(z.object({ remediation: z.string(), outcome: z.string(), reason: z.string(), resource: z.string() })),
});
const fault = z.object({ errorMessage: z.string() });

/** Has the deployed function of a rule handle an event, and waits for its answer. */
export function deployedFunctions({ account, region, credentials }: Caller): Handling {
  // Not sent twice: a function that answers late has not failed.
  const lambda = new LambdaClient({ region, credentials, maxAttempts: 1 });
  return {
    centralAccount: account,
    async handle({ id }, event) {
      const FunctionName = `posture-${id}`;
      try {
        const { FunctionError, Payload } = await lambda.send(
          new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) }),
        );
        const payload = parsed(Payload);
        if (FunctionError !== undefined) {
          const said = fault.safeParse(payload);
          throw new Unable(`The function ${FunctionName} failed: ${said.success ? sentence(said.data.errorMessage) : FunctionError}`);
        }
        const read = answer.safeParse(payload);
        if (!read.success) throw new Unable(`The function ${FunctionName} answered what is no answer of a rule. Deploy it again.`);
        // A deployed function schedules by itself what it puts off.
        return { results: read.data.results as readonly Result[], deferred: [] };
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        throw new Unable(
          `There is no function ${FunctionName} in account ${account}, ${region}. Deploy it, or give --region or --profile.`,
        );
      }
    },
  };
}

function parsed(payload: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(payload ?? []).toString());
  } catch {
    return undefined;
  }
}
