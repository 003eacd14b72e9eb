import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { describe } from '../aws/error';
import type { Clock } from '../clock';
import { minutes } from '../duration';
import { firstIssueText } from '../shape-issue';
import { quote } from '../untrusted-text';

/** The credentials of the tracker, as the secret in Secrets Manager has them: a JSON object of texts. */
export type Credentials = Readonly<Record<string, string>>;

export interface Secret {
  read(): Promise<Credentials>;
  /** Has the next read ask again: the tracker has refused what was read. False if it was asked a moment ago. */
  refused(): boolean;
  /** All texts that were read, which no message may contain. */
  seen(): readonly string[];
}

const keptFor = minutes(5);
const askedAgainAfter = minutes(1);
const shape = z.record(z.string().max(64), z.string().min(1).max(4096));

/** Reads a secret, given by name or ARN, and keeps it for five minutes. Its texts are in no error. */
export function secretsManagerSecret(client: Pick<SecretsManagerClient, 'send'>, SecretId: string, clock: Clock): Secret {
  let kept: { readonly credentials: Credentials; readonly at: number } | undefined;
  let asked: Promise<Credentials> | undefined;
  const seen = new Set<string>();
  return {
    async read() {
      if (kept && clock.now().getTime() - kept.at < keptFor) return kept.credentials;
      asked ??= ask().finally(() => {
        asked = undefined;
      });
      return asked;
    },
    refused() {
      if (!kept || clock.now().getTime() - kept.at < askedAgainAfter) return false;
      kept = undefined;
      return true;
    },
    seen: () => [...seen],
  };

  async function ask(): Promise<Credentials> {
    const at = clock.now().getTime();
    const answer = await client.send(new GetSecretValueCommand({ SecretId })).catch((error: unknown) => {
      throw new Error(`The secret ${quote(SecretId)} can't be read: ${describe(error)}. Check its name, and deploy the stack again.`);
    });
    const parsed = shape.safeParse(parse(answer.SecretString));
    if (!parsed.success)
      throw new Error(
        `The secret ${quote(SecretId)} is invalid: ${firstIssueText(parsed.error.issues)}. It must be a JSON object of texts.`,
      );
    for (const text of Object.values(parsed.data)) seen.add(text);
    kept = { credentials: parsed.data, at };
    return parsed.data;
  }
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** The field of the secret; throws an error that names it. */
export function field(credentials: Credentials, name: string, vendor: string): string {
  const value = credentials[name];
  if (value === undefined)
    throw new Error(`The secret for ${vendor} has no field ${name}. Add it; its fields are listed in docs/tickets.md.`);
  return value;
}
