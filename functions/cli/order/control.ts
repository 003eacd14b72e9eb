import { Sha256 } from '@aws-crypto/sha256-js';
import { GetFunctionUrlConfigCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod';
import type { Order } from '../../control/order';
import type { Reply } from '../../control/reply';
import { quote } from '../../untrusted-text';
import type { Caller } from '../central/caller';
import { sentence, Unable } from '../failure';

const reply = z.union([
  z.object({ done: z.literal(true), reason: z.string(), remediation: z.string().optional() }),
  z.object({
    done: z.literal(false),
    refused: z.enum(['invalid', 'forbidden', 'not-found', 'conflict']),
    code: z.string(),
    reason: z.string(),
  }),
]);

/** A request without the keys that have a default. */
export type Given = Order extends infer One
  ? One extends { readonly force: boolean }
    ? Omit<One, 'force'> & { force?: boolean }
    : One
  : never;

/** The deployed control endpoint: it knows the caller by the signature of the request. POSTURE_CONTROL_URL overrides its URL. */
export async function openControl(caller: Caller): Promise<(order: Given) => Promise<Reply>> {
  const given = process.env.POSTURE_CONTROL_URL || (await deployedUrl(caller));
  if (!URL.canParse(given))
    throw new Unable(
      `POSTURE_CONTROL_URL ${quote(given)} is not a valid URL. Set it to the output ControlUrl or ControlApi of the stack Posture, or unset it.`,
    );
  const url = new URL(given);
  const service = /\.execute-api\./.test(url.hostname) ? 'execute-api' : 'lambda';
  const signer = new SignatureV4({ service, region: caller.region, credentials: caller.credentials, sha256: Sha256 });
  return async (order) => {
    const body = JSON.stringify(order);
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port && { port: Number(url.port) }),
      path: url.pathname,
      headers: { host: url.host, 'content-type': 'application/json' },
      body,
    });
    const answer = await fetch(url, { method: 'POST', headers, body }).catch((error: unknown) => {
      // The error only says that the request failed; its cause says why.
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      throw new Unable(`The control endpoint ${url.origin} does not respond: ${sentence(cause)}. Check the network, and try again.`);
    });
    const text = await answer.text();
    const read = reply.safeParse(jsonOf(text));
    if (read.success) return read.data as Reply;
    if (answer.status === 403)
      throw new Unable(`${caller.arn} is not authorized to call the control endpoint. It requires ${rights[service]}.`);
    throw new Unable(`The control endpoint returned HTTP status ${answer.status}: ${text.slice(0, 200)}`);
  };
}

const rights = {
  lambda: 'lambda:InvokeFunctionUrl and lambda:InvokeFunction on posture-control:url',
  'execute-api': 'execute-api:Invoke on the HTTP API posture-control',
} as const;

async function deployedUrl({ partition, region, credentials, account }: Caller): Promise<string> {
  // Lambda has no function URLs in the other partitions.
  if (partition !== 'aws')
    throw new Unable(
      `The control endpoint in ${region} is an HTTP API. Set POSTURE_CONTROL_URL to its URL, the output ControlApi of the stack Posture.`,
    );
  const lambda = new LambdaClient({ region, credentials, maxAttempts: 3 });
  try {
    const { FunctionUrl } = await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName: 'posture-control', Qualifier: 'url' }));
    if (FunctionUrl) return FunctionUrl;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
  throw new Unable(
    `The control endpoint does not exist in account ${account}, ${region}. Deploy the stack Posture there (\`npx cdk deploy --all\`), or specify another place with --region or --profile, or set POSTURE_CONTROL_URL to the output ControlApi of the stack.`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
