import { notFound, type Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import type { Refusal } from '../findings/finding';
import { identify } from '../findings/identify';
import { readingOnly } from '../forecast/reading-only';
import { type ChangedResource, readChanged } from '../sources/cloudtrail/read';
import { eventOfDrift } from '../sources/drift/event';
import { envelopeShape } from '../sources/envelope';
import { check } from '../sources/shape';
import { type Look, lookAt } from '../sweep/look';
import type { WatchPorts } from './ports';

/** What became of an event: the looks, by result; or why there was none. */
export type Watched =
  | {
      readonly call: string;
      readonly looks: Readonly<Partial<Record<Look['status'] | 'unidentified', number>>>;
      readonly handedOn: readonly string[];
    }
  | { readonly refusals: readonly Refusal[] };

/**
 * Looks at the resources that a call has changed, as their rules do, and hands on what they would change. Throws if a resource can't be
 * read: then the event comes again, and is kept in the end. `seen`: the looks of the same batch, for calls that change one resource in a row.
 */
export async function watch(event: unknown, ports: WatchPorts, seen: Seen = new Map()): Promise<Watched> {
  const envelope = check(envelopeShape, event, 'event');
  if ('problem' in envelope) return { refusals: [{ kind: 'invalid', code: 'malformed-event', reason: envelope.problem }] };
  const changed = readChanged(ports.rules, envelope.value, ports.central);
  if ('refusals' in changed) return changed;
  const { change } = changed;
  const looks: Partial<Record<Look['status'] | 'unidentified', number>> = {};
  const handedOn: string[] = [];
  for (const resource of changed.resources)
    for (const { rule, status } of await lookOnce(resource)) {
      looks[status] = (looks[status] ?? 0) + 1;
      if (status === 'drift') handedOn.push(rule);
    }
  return { call: changed.call, looks, handedOn: [...new Set(handedOn)] };

  function lookOnce(resource: ChangedResource): Promise<readonly Looked[]> {
    const { account, region, rules } = resource;
    const key = JSON.stringify([account, region, resource.resource.kind.type, resource.resource.reported, rules]);
    const look = seen.get(key) ?? lookAtAll(resource, change, ports);
    seen.set(key, look);
    return look;
  }
}

/** The looks of a batch, by resource and rules. */
export type Seen = Map<string, Promise<readonly Looked[]>>;

interface Looked {
  readonly rule: string;
  readonly status: Look['status'] | 'unidentified';
}

async function lookAtAll(
  { rules: concerned, resource, ...place }: ChangedResource,
  change: { readonly call: string; readonly at: string },
  ports: WatchPorts,
): Promise<readonly Looked[]> {
  const rules = ports.rules.filter(({ id }) => concerned.includes(id));
  const policy = await ports.policy();
  // One connection for all: what several rules ask is asked once.
  const aws = readingOnly(ports.connect(place), [...new Set(rules.flatMap(({ commands }) => commands))]);
  const found = await identify({ ...place, resource }, aws);
  if (found === notFound) return rules.map(({ id }) => ({ rule: id, status: 'not-found' as const }));
  if ('unfixable' in found) return rules.map(({ id }) => ({ rule: id, status: 'unidentified' as const }));
  const looked: Looked[] = [];
  const failed: unknown[] = [];
  for (const rule of rules) {
    try {
      const look = await lookAt({ rule, kind: resource.kind, resource: found }, { aws, policy, now: ports.clock.now() });
      if (look.status === 'drift') await handOn(rule, look.detectedBy, found.arn);
      looked.push({ rule: rule.id, status: look.status });
    } catch (error) {
      failed.push(error);
    }
  }
  // The others are not kept from looking by one that can't.
  if (failed.length > 0)
    throw new Error(`${failed.length} of ${rules.length} rules could not look: ${describe(failed[0])}`, { cause: failed[0] });
  return looked;

  async function handOn({ id }: Rule, detectedBy: string, arn: string): Promise<void> {
    const detectedAt = ports.clock.now().toISOString();
    const drift = { ...place, detectedBy, resourceType: resource.kind.type, resource: arn, detectedAt, change };
    await ports.invoke(id, eventOfDrift('cloudtrail', drift, ports.central));
  }
}
