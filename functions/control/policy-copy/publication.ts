import type { Json } from '../../../rules/rule';
import { describe } from '../../aws/error';
import { consequencesOf } from '../../decision/consequences';
import { hours } from '../../duration';
import type { EventInput } from '../../log/event';
import { EventTooLarge } from '../../log/item';
import { readTrail } from '../../log/read-trail';
import { subjectIn } from '../../log/subject';
import { everything } from '../../log/trail';
import { hashOfContent, parseContent } from '../../policy/content';
import type { Policy } from '../../policy/policy';
import { reasonOf } from '../../untrusted-text';
import { centralSubject } from '../central-event';
import { openControlJournal } from '../control-journal';
import type { ControlPorts } from '../ports';
import type { FindVersion } from './deployed-version';
import type { FindPublisher } from './publisher';
import type { Session } from './session';

export interface PublicationPorts
  extends Pick<ControlPorts, 'dynamo' | 'logTable' | 'clock' | 'countForged' | 'central' | 'version' | 'rules' | 'warn'> {
  readonly versionOf: FindVersion;
  readonly publisherOf: FindPublisher;
}

/** The texts that were and are in force, as far as they are known. */
export interface Contents {
  readonly was: string | undefined;
  readonly is: string | undefined;
}

/** Until CloudTrail has a record: by AWS, some minutes. */
const patience = hours(1);
const maxUnidentified = 5;

/**
 * Logs that another policy is in force, and later who published it. Returns the session with what is logged; the same one if nothing was. An error
 * is no reason not to use the policy: the next minute tries again.
 */
export async function logPublication(session: Session, contents: Contents, ports: PublicationPorts): Promise<Session> {
  try {
    if (session.hash !== '' && session.logged !== session.hash) return await announce(session, contents, ports);
    return session.unidentified?.length ? await identify(session, session.unidentified, ports) : session;
  } catch (error) {
    ports.warn('The publication of the policy was not logged', { error: describe(error) });
    return session;
  }
}

async function announce(session: Session, { was, is }: Contents, ports: PublicationPorts): Promise<Session> {
  // Without its version, the publication is still one.
  const { version, why = '' } = (await ports.versionOf(session.hash).catch(() => undefined)) ?? {};
  const [before, after] = [policyOf(was), policyOf(is)];
  // Without the one before, all of its rules would seem to begin.
  const told = before && after ? consequencesOf(before, after, [...ports.rules.values()]).sentences : [];
  const named = version === undefined ? 'A policy without a known version' : `Version ${version} of the policy`;
  const because = why === '' ? '' : `: ${reasonOf(why)}`;
  const unusable = session.refused === undefined ? [] : [`It can't be used: ${session.refused}`];
  const event: EventInput = {
    kind: 'policy-published',
    reason: [`${named} is in force${because}.`, ...unusable, ...told].join(' '),
    actor: 'unknown',
  };
  const subject = centralSubject(ports);
  const states = {
    ...(was !== undefined && { before: stateOf(was) }),
    after: is === undefined ? { hash: session.hash } : stateOf(is, version),
  };
  const journal = openControlJournal(ports, subject);
  await journal.write({ ...event, ...states }).catch((error: unknown) => {
    if (!(error instanceof EventTooLarge)) throw error;
    return journal.write({ ...event, after: { hash: session.hash, ...(version !== undefined && { version }) } });
  });
  const at = ports.clock.now().toISOString();
  const mine = version === undefined ? [] : [{ remediation: subject.remediation, version, at }];
  return { ...session, logged: session.hash, unidentified: [...(session.unidentified ?? []), ...mine].slice(-maxUnidentified) };
}

async function identify(session: Session, pending: NonNullable<Session['unidentified']>, ports: PublicationPorts): Promise<Session> {
  const left: typeof pending = [];
  for (const one of pending) {
    const age = ports.clock.now().getTime() - Date.parse(one.at);
    const by = await ports.publisherOf(one.version, new Date(one.at));
    if (by !== undefined) await writePublisher(one.remediation, by, ports);
    else if (age < patience) left.push(one);
  }
  return left.length === pending.length ? session : { ...session, unidentified: left };
}

async function writePublisher(remediation: string, by: string, ports: PublicationPorts): Promise<void> {
  const { events } = await readTrail(ports.dynamo, ports.logTable, { by: 'control', rule: everything, remediation });
  const [first] = events;
  if (!first || events.some(({ kind }) => kind === 'publisher-identified')) return;
  const reason = `${by} published the policy, as CloudTrail records.`;
  await openControlJournal(ports, subjectIn(first, ports.version), events).write({ kind: 'publisher-identified', reason, actor: by });
}

/** Undefined for a text that is no valid policy. */
function policyOf(content: string | undefined): Policy | undefined {
  try {
    return content === undefined ? undefined : parseContent(content);
  } catch {
    return undefined;
  }
}

const stateOf = (content: string, version?: string): Json => ({
  hash: hashOfContent(content),
  ...(version !== undefined && { version }),
  policy: jsonOf(content),
});

function jsonOf(content: string): Json {
  try {
    return JSON.parse(content) as Json;
  } catch {
    return content;
  }
}
