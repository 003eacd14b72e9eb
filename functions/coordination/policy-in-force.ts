import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe } from '../aws/error';
import type { Clock } from '../clock';
import { seconds } from '../duration';
import type { Poll } from '../policy/app-config';
import { parseContent } from '../policy/content';
import { appConfigPolicy } from '../policy/load';
import type { Policy } from '../policy/policy';
import { checkOf, contentOf, endOfCheck, readPolicyItems } from './policy-copy';

/** How long an answer is used without reading the table again. */
const freshFor = seconds(15);

export interface PolicySource {
  readonly dynamo: DynamoDBClient;
  /** The orders table. */
  readonly orders: string;
  /** `<application>/<environment>/<profile>` in AppConfig. */
  readonly configuration: string;
  readonly poll: Poll;
  readonly clock: Clock;
  /** The copy can't be used, so AppConfig itself is asked. `why` is a sentence. */
  readonly onUnusable: (why: string) => void;
}

interface Kept {
  readonly policy: Policy;
  /** Of the copy; undefined if it was received from AppConfig. */
  readonly hash?: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/**
 * Loads the policy in force: from the copy that the control function made, or from AppConfig if there is no copy that was checked within five
 * minutes. Cached for 15 seconds. Throws PolicyUnreadable.
 */
export function policyInForce({ dynamo, orders, configuration, poll, clock, onUnusable }: PolicySource): () => Promise<Policy> {
  const fromAppConfig = appConfigPolicy(poll, clock);
  let kept: Kept | undefined;
  let asked: Promise<Policy> | undefined;

  return async () => {
    if (kept && clock.now().getTime() < kept.until) return kept.policy;
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return asked;
  };

  async function ask(): Promise<Policy> {
    const until = clock.now().getTime() + freshFor;
    const copy = await readCopy().catch((error: unknown) => ({ unusable: `The copy of the policy can't be read: ${describe(error)}.` }));
    if ('unusable' in copy) {
      onUnusable(copy.unusable);
      kept = { policy: await fromAppConfig(), until };
    } else {
      kept = { ...copy, until: Math.min(until, copy.until) };
    }
    return kept.policy;
  }

  async function readCopy(): Promise<Kept | { readonly unusable: string }> {
    const known = kept?.hash === undefined ? undefined : kept;
    let items = await readPolicyItems(dynamo, orders, clock, known ? 'check' : 'both');
    const check = checkOf(items.check, configuration, clock.now());
    if ('unusable' in check) return check;
    const until = endOfCheck(check);
    if (known && known.hash === check.hash) return { ...known, until };
    if (known) items = await readPolicyItems(dynamo, orders, clock, 'both');
    const read = contentOf(items.policy, check);
    return 'unusable' in read ? read : { policy: parseContent(read.content), hash: check.hash, until };
  }
}
