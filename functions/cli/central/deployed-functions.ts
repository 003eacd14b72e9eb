import { InvokeCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { functionNameOf } from '../../aws/function-name';
import type { Result } from '../../remediate/context';
import { sentence, Unable } from '../failure';
import type { Handling } from '../replay/delivery';
import type { Caller } from './caller';

const answer = z.object({
  results: z.array(z.object({ remediation: z.string(), outcome: z.string(), reason: z.string(), resource: z.string() })),
});
const failure = z.object({ errorMessage: z.string() });

/** Invokes the deployed function of a rule with an event, and waits for the response. */
export function deployedFunctions({ account, region, credentials }: Caller): Handling {
  // No retries: a function that responds late has not failed.
  const lambda = new LambdaClient({ region, credentials, maxAttempts: 1 });
  return {
    centralAccount: account,
    async handle({ id }, event) {
      const FunctionName = functionNameOf(id);
      try {
        const { FunctionError, Payload } = await lambda.send(
          new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) }),
        );
        const payload = parsed(Payload);
        if (FunctionError !== undefined) {
          const said = failure.safeParse(payload);
          throw new Unable(`The function ${FunctionName} failed: ${said.success ? sentence(said.data.errorMessage) : FunctionError}`);
        }
        const read = answer.safeParse(payload);
        if (!read.success) throw new Unable(`The function ${FunctionName} returned an invalid response. Deploy it again.`);
        // A deployed function schedules its own retries.
        return { results: read.data.results as readonly Result[], deferred: [] };
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        throw new Unable(
          `The function ${FunctionName} does not exist in account ${account}, ${region}. Deploy it, or specify --region or --profile.`,
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
