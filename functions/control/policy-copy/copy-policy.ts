import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { describe } from '../../aws/error';
import type { Clock } from '../../clock';
import { getItems, type Item } from '../../coordination/get-items';
import { orderKeys } from '../../coordination/keys';
import { contentOf, itemOfCopy, type PolicyCheck, putUnlessLater } from '../../coordination/policy-copy';
import type { Poll } from '../../policy/app-config';
import { hashOfContent, parseContent } from '../../policy/content';
import type { FindVersion } from './deployed-version';
import { type Contents, logPublication, type PublicationPorts } from './publication';
import { putSession, type Session, sessionOf } from './session';

export interface CopyPorts {
  readonly dynamo: DynamoDBClient;
  readonly orders: string;
  /** `<application>/<environment>/<profile>` in AppConfig. */
  readonly configuration: string;
  readonly poll: Poll;
  readonly versionOf: FindVersion;
  /** The control function, with its version. */
  readonly by: string;
  readonly clock: Clock;
  readonly count: (values: Readonly<Record<string, number>>) => void;
  readonly warn: (message: string, details: Record<string, unknown>) => void;
  /** Logs publications. */
  readonly log: PublicationPorts;
}

/** The result: whether the copy was still right, is new, or AppConfig has in force what can't be copied. */
export interface CopyReport {
  readonly policy: 'unchanged' | 'copied' | 'not-copied';
  readonly hash: string;
  readonly version?: string;
  readonly reason?: string;
}

/** A schedule of EventBridge, or an event of AppConfig about a deployment. What it says isn't used: AppConfig is asked. */
const occasion = z.union([
  z.object({ source: z.literal('aws.events'), 'detail-type': z.literal('Scheduled Event') }),
  z.object({ source: z.literal('aws.appconfig') }),
]);

/** Copies the policy in force from AppConfig to the orders table, if it has changed, and records when that was found. Undefined for any other event. */
export async function copyPolicy(event: unknown, ports: CopyPorts): Promise<CopyReport | undefined> {
  if (!occasion.safeParse(event).success) return undefined;
  const { dynamo, orders, configuration, by, clock } = ports;
  // Before the request: the answer may be as old as that.
  const now = clock.now();
  const { [orders]: items } = await getItems(dynamo, { [orders]: [orderKeys.policySession, orderKeys.policy] }, clock);
  const known = sessionOf(items?.get(orderKeys.policySession), configuration, now);
  const isIntact = known !== undefined && standsIn(items?.get(orderKeys.policy), known);
  if (known && !isIntact) ports.warn('The copy of the policy is not what AppConfig gave, and is made again', { hash: known.hash });
  const polled = await ports.poll(isIntact ? known.token : undefined).catch((error: unknown) => {
    ports.count({ PolicyNotCopied: 1 });
    throw error;
  });

  const isSame = known && !polled.anew && polled.content === undefined;
  const made = isSame ? { session: { ...known, token: polled.token }, report: reportOf(known) } : await copy();
  const { session, report } = made;
  await putSession(dynamo, orders, session);
  // The last one: without it, nobody uses the copy.
  const check: PolicyCheck = { configuration, hash: session.hash, at: now.toISOString(), by };
  await putUnlessLater(dynamo, orders, marshall({ key: orderKeys.policyCheck, ...check }), now);
  const logged = await logPublication(session, contentsIn(items?.get(orderKeys.policy), session, polled.content), ports.log);
  if (logged !== session) await putSession(dynamo, orders, logged);
  if (report.policy === 'not-copied') {
    ports.count({ PolicyNotCopied: 1 });
    ports.warn('The policy in force is not copied', { reason: report.reason });
  }
  return report;

  async function copy(): Promise<{ readonly session: Session; readonly report: CopyReport }> {
    const { token, content } = polled;
    const since = polled.anew || !known ? now.toISOString() : known.since;
    const hash = content === undefined ? '' : hashOfContent(content);
    const refused = await put(content, hash);
    const copied = items?.get(orderKeys.policy)?.hash;
    const logged = known?.logged ?? (typeof copied === 'string' ? copied : undefined);
    const session: Session = {
      ...{ configuration, token, hash, since },
      ...('reason' in refused && { refused: refused.reason }),
      ...(logged !== undefined && { logged }),
      ...(known?.unidentified && { unidentified: known.unidentified }),
    };
    return 'reason' in refused
      ? { session, report: { policy: 'not-copied', hash, reason: refused.reason } }
      : { session, report: { policy: 'copied', hash, ...refused } };
  }

  async function put(content: string | undefined, hash: string): Promise<{ readonly reason: string } | { readonly version?: string }> {
    if (content === undefined) return { reason: 'AppConfig has no policy deployed.' };
    try {
      parseContent(content);
    } catch (error) {
      return { reason: describe(error) };
    }
    const deployed = await ports.versionOf(hash).catch((error: unknown) => {
      ports.warn('The version of the policy was not found', { error: describe(error) });
      return undefined;
    });
    const found = deployed === undefined ? {} : { version: deployed.version };
    const item = itemOfCopy({ configuration, content, by, ...found }, now);
    if (!item) return { reason: `${tooLarge(content)} ${insteadOfCopy}` };
    await putUnlessLater(dynamo, orders, item, now);
    return found;
  }
}

/** What was in force before, if it is known to be another, and what is now. */
function contentsIn(item: Item | undefined, { hash }: Session, received: string | undefined): Contents {
  const copied = copiedContent(item);
  const isNew = copied === undefined || hashOfContent(copied) !== hash;
  return isNew ? { was: copied, is: received } : { was: undefined, is: copied };
}

/** The content of a copy that has its own hash. */
function copiedContent(item: Item | undefined): string | undefined {
  if (!item) return undefined;
  const read = contentOf(item, { configuration: String(item.configuration), hash: String(item.hash) });
  return 'content' in read ? read.content : undefined;
}

const tooLarge = (content: string): string =>
  `The policy has ${Buffer.byteLength(content)} bytes, and is too large for an item of DynamoDB, even compressed.`;
const insteadOfCopy = 'The functions ask AppConfig themselves, which costs $0.0008 for each new process. Shorten the policy.';

const reportOf = ({ hash, refused }: Session): CopyReport =>
  refused === undefined ? { policy: 'unchanged', hash } : { policy: 'not-copied', hash, reason: refused };

/** Whether the copy is what AppConfig last gave in the session. */
const standsIn = (item: Item | undefined, session: Session): boolean =>
  session.refused !== undefined || 'content' in contentOf(item, session);
