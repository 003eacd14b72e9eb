import { loadRules } from '../../catalogue/catalogue';
import type { Clock } from '../../clock';
import { getItems, type Item, maxKeys } from '../../coordination/get-items';
import { orderKeys } from '../../coordination/keys';
import { leaseKey } from '../../coordination/lease-key';
import { days } from '../../duration';
import type { LogEvent } from '../../log/event';
import type { LogEntry } from '../../log/question';
import { endOf } from '../../policy/expiry';
import type { Policy } from '../../policy/policy';
import { sanitize } from '../../untrusted-text';
import type { DeployedTables } from '../central/deployed-tables';
import type { Exemption, Exemptions } from './exemption';
import { type Hit, lastHits, newestOfEach } from './hits';

interface Asked {
  readonly policy: Policy;
  /** ISO 8601: hits before are not read. */
  readonly since: string;
  readonly clock: Clock;
}

/** All that keeps rules from changing resources, with when it last did. */
export async function readExemptions(tables: DeployedTables, { policy, since, clock }: Asked): Promise<Exemptions> {
  const now = clock.now();
  const heldSince = new Date(now.getTime() - days(Math.max(policy.rollbacks.exemptDays, 1))).toISOString();
  const [{ hits, isMore }, answered] = await Promise.all([
    lastHits(tables, since),
    newestOfEach(tables, ['rejected', 'rolled-back', 'rollback-refused', 'rollback-failed'], heldSince),
  ]);
  // A hold whose rollback has not ended yet is known by what it exempts.
  const candidates = [...answered.entries, ...hits.map(({ event }) => event)];
  return {
    exemptions: [
      ...policy.exemptions.map((entry) => ofPolicy(entry, hits, now)),
      ...(await holds(tables, candidates, hits, clock)),
      ...hits.flatMap((hit) => ofResource(hit, now)),
    ],
    isMore: isMore || answered.isMore,
  };
}

type Entry = Policy['exemptions'][number];

function ofPolicy({ reason, owner, expires, ...scope }: Entry, hits: readonly Hit[], now: Date): Exemption {
  const end = endOf(expires);
  // As the decision path has it, whatever the place of the entry was at that time.
  const named = plain(`of ${owner} (${reason})`);
  const hit = newest(
    hits.filter(({ clauses }) => clauses.some((one) => /^exemption: exemptions\[\d+\] /.test(one) && one.includes(named))),
  );
  return {
    kind: 'policy',
    scope:
      Object.entries(scope)
        .map(([key, value]) => `${key} ${Array.isArray(value) ? value.join(', ') : JSON.stringify(value)}`)
        .join('; ') || 'everything',
    owner,
    reason,
    ...(end && { expires: end.toISOString() }),
    state: end && end > now ? 'in-force' : 'expired',
    ...(hit && { lastHit: hit.event.time }),
  };
}

/** Tags and suppressions. What the policy or a hold exempts, is listed by these. */
function ofResource({ event, clauses }: Hit, now: Date): readonly Exemption[] {
  const about = aboutOf(event);
  const suppression = clauses.find((one) => one.startsWith('suppression: '));
  const byTag = clauses.find((one) => one.startsWith('exemption: the tag '));
  const isOfParts = event.outcome === 'exempt' && clauses.length === 0;
  const hit = { ...about, lastHit: event.time };
  const expires = event.until === undefined ? {} : { expires: event.until };
  return [
    ...(suppression === undefined ? [] : [{ ...hit, kind: 'suppression', reason: afterClause(suppression), state: 'seen' } as const]),
    ...(byTag === undefined
      ? []
      : [{ ...hit, ...expires, kind: 'tag', reason: afterClause(byTag), state: stateOf(event.until, now) } as const]),
    ...(isOfParts ? [{ ...hit, ...expires, kind: 'tag', reason: event.reason, state: stateOf(event.until, now) } as const] : []),
  ];
}

const stateOf = (until: string | undefined, now: Date): Exemption['state'] =>
  until !== undefined && until <= now.toISOString() ? 'expired' : 'seen';

/** The rejections and rollbacks by which a rule leaves a resource, from the orders themselves: an approver may have released it. */
async function holds(
  { dynamo, orders }: DeployedTables,
  candidates: readonly (LogEntry | LogEvent)[],
  hits: readonly Hit[],
  clock: Clock,
): Promise<readonly Exemption[]> {
  const rules = new Map(loadRules().map(({ rule }) => [rule.id, rule]));
  const byKey = new Map(
    candidates.flatMap((one) => {
      const rule = rules.get(one.rule);
      const resource = { ...one, type: one.resourceType, arn: one.resource, partition: '', id: '' };
      return rule ? [[orderKeys.hold(rule.id, leaseKey(rule, resource)), one] as const] : [];
    }),
  );
  const keys = [...byKey.keys()];
  const found = new Map<string, Item>();
  for (let from = 0; from < keys.length; from += maxKeys) {
    const read = await getItems(dynamo, { [orders]: keys.slice(from, from + maxKeys) }, clock);
    for (const [key, item] of read[orders] ?? []) found.set(key, item);
  }
  const now = clock.now().toISOString();
  return [...found].flatMap(([key, { by, why, until }]): readonly Exemption[] => {
    const one = byKey.get(key);
    if (!one) return [];
    const hit = newest(
      hits.filter(({ event, clauses }) => isSame(event, one) && clauses.some((clause) => clause.startsWith('exemption: after a '))),
    );
    const reason = String(why);
    return [
      {
        kind: reason.startsWith('rejected: ') ? 'rejection' : 'rollback',
        ...aboutOf(one),
        owner: String(by),
        reason,
        expires: String(until),
        state: String(until) > now ? 'in-force' : 'expired',
        ...(hit && { lastHit: hit.event.time }),
      },
    ];
  });
}

type About = Pick<LogEntry, 'rule' | 'account' | 'region' | 'resource'>;

const aboutOf = ({ rule, account, region, resource }: About): About => ({ rule, account, region, resource });

const isSame = (a: About, b: About): boolean =>
  a.rule === b.rule && a.resource === b.resource && a.account === b.account && a.region === b.region;

const newest = (hits: readonly Hit[]): Hit | undefined => hits.toSorted((a, b) => b.event.time.localeCompare(a.event.time))[0];

const afterClause = (line: string): string => line.replace(/^\w+: /, '');

/** As the decision path writes it. */
const plain = (text: string): string => sanitize(text.replace(/\s+/g, ' '), 1000).replaceAll('->', '→');
