import { InvokeCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { functionNameOf } from '../../aws/function-name';
import { eachOf } from '../../concurrency';
import type { Finding } from '../../findings/finding';
import { retryMessage } from '../../findings/retry-message';
import type { Result } from '../../remediate/context';
import { explain, sentence, Unable } from '../failure';
import type { Handling } from '../replay/delivery';
import type { Caller } from './caller';

const answer = z.object({
  results: z.array(z.object({ remediation: z.string(), outcome: z.string(), reason: z.string(), resource: z.string() })),
});
const failure = z.object({ errorMessage: z.string() });

/** The maximum number of findings of one event that are processed at the same time. */
const maxSimultaneous = 5;

/**
 * Invokes the deployed function of a rule with an event, and waits for the response. Each finding of an event with several is a message of its
 * own: the function would only hand them on, and return no results.
 */
export function deployedFunctions({ partition, account, region, credentials }: Caller): Omit<Handling, 'identification'> {
  // No retries: a function that responds late has not failed.
  const lambda = new LambdaClient({ region, credentials, maxAttempts: 1 });
  return {
    centralAccount: account,
    partition,
    identifiesItself: true,
    async handle({ id }, event, { findings }) {
      const name = functionNameOf(id);
      // A deployed function schedules its own retries.
      return { results: findings.length > 1 ? await invokeForEach(name, findings) : await invoke(name, event), deferred: [] };
    },
  };

  /** Throws after all were tried. */
  async function invokeForEach(name: string, findings: readonly Finding[]): Promise<readonly Result[]> {
    const failures: unknown[] = [];
    const results = await eachOf(findings, maxSimultaneous, (finding) =>
      invoke(name, retryMessage({ finding, number: 0 })).catch((error: unknown) => {
        failures.push(error);
        return [];
      }),
    );
    const [first] = failures;
    if (first === undefined) return results.flat();
    throw new Unable(
      `${failures.length} of ${findings.length} findings were not processed. ${explain(first)} \`posture log\` shows what became of the others.`,
    );
  }

  async function invoke(FunctionName: string, event: unknown): Promise<readonly Result[]> {
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
      return read.data.results as readonly Result[];
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      throw new Unable(
        `The function ${FunctionName} does not exist in account ${account}, ${region}. Deploy it, or specify --region or --profile.`,
      );
    }
  }
}

function parsed(payload: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(payload ?? []).toString());
  } catch {
    return undefined;
  }
}
