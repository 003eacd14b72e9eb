import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../clock';
import type { Credentials, Secret } from '../../tickets/secret';
import type { AnswerMessage } from '../message';
import type { Deliveries } from './deliveries';
import { hookIn } from './hook';
import { type Sender, type SignatureProblem, signatureProblem } from './signature';

/** The event of an HTTP API of API Gateway. Source: its payload format 2.0. */
const request = z.object({
  version: z.literal('2.0'),
  rawPath: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
});

/** What became of a request. */
export type Received = 'queued' | 'replayed' | 'ignored' | 'no-request' | 'not-found' | 'too-large' | 'malformed' | SignatureProblem;

export interface EndpointPorts {
  /** The vendor of the tracker, at `/tracker`; and whether Slack is at `/slack`. */
  readonly tracker: Exclude<Sender, 'slack'>;
  readonly hasSlack: boolean;
  readonly secret: Secret;
  readonly deliveries: Deliveries;
  readonly enqueue: (message: AnswerMessage) => Promise<void>;
  readonly clock: Clock;
}

/** A comment in GitHub comes with its issue, of up to 65,536 characters each. */
const maxLength = 600_000;
/** A shorter secret could be guessed. */
const minSecret = 16;

/**
 * Receives a request of a vendor: hands on which answer it is about, once, if it is signed. Nothing of it is parsed before that. Throws if the
 * queue does not take it: the vendor then sends it again.
 */
export async function receive(event: unknown, ports: EndpointPorts): Promise<Received> {
  const parsed = request.safeParse(event);
  if (!parsed.success) return 'no-request';
  const { rawPath, headers, body: given, isBase64Encoded, requestContext } = parsed.data;
  const sender = senderAt(rawPath, ports);
  if (!sender || requestContext.http.method !== 'POST') return 'not-found';
  if (given.length > maxLength) return 'too-large';
  const body = Buffer.from(given, isBase64Encoded ? 'base64' : 'utf8');
  const problem = await problemOf(sender, { headers, body }, ports);
  if (problem !== undefined) return problem;
  const hook = hookIn(sender, body.toString('utf8'));
  if (hook === 'ignored' || hook === 'malformed') return hook;
  // Of what is signed: the ids of deliveries are not.
  const hash = createHash('sha256').update(`${sender}\n`).update(body).digest('hex');
  if ((await ports.deliveries.begin(hash)) === 'replayed') return 'replayed';
  await ports.enqueue(hook);
  await ports.deliveries.end(hash);
  return 'queued';
}

const senderAt = (path: string, { tracker, hasSlack }: EndpointPorts): Sender | undefined => {
  if (path === '/tracker') return tracker;
  return path === '/slack' && hasSlack ? 'slack' : undefined;
};

/** A signature that no secret made is checked again with the secrets of now, once a minute: they may have been replaced. */
async function problemOf(
  sender: Sender,
  signed: Parameters<typeof signatureProblem>[1],
  { secret, clock }: EndpointPorts,
): Promise<SignatureProblem | undefined> {
  const check = async () => signatureProblem(sender, signed, secretsOf(sender, await secret.read()), clock.now());
  const problem = await check();
  return problem === 'wrong-signature' && secret.refused() ? check() : problem;
}

/** The signing secrets of a sender. Throws an error that says what the secret lacks. */
export function secretsOf(sender: Sender, credentials: Credentials): readonly string[] {
  const name = sender === 'slack' ? 'slack' : 'tracker';
  const secrets = [credentials[name], credentials[`${name}-before`]].filter((one) => one !== undefined);
  if (secrets.length === 0 || secrets.some((one) => one.length < minSecret))
    throw new Error(
      `The secret of answers needs a field ${name}, and each signing secret at least ${minSecret} characters. Its fields are listed in docs/tickets.md.`,
    );
  return secrets;
}
