import type { ForgedRecord } from '../log/read-item';
import { type RemediationRecord, recordOf } from '../log/record';
import { everything, nameOf, trailKey } from '../log/trail';
import { type CentralFact, type Facts, factsOf } from './facts';
import { unknownIn } from './unknown-values';

/** What the reading of the log proved about it. */
export interface Integrity {
  readonly remediations: number;
  readonly trails: number;
  readonly events: number;
  /** The errors in hash chains, and values that this version does not know, with the remediation. */
  readonly broken: readonly { readonly remediation: string; readonly why: string }[];
  readonly forged: readonly ForgedRecord[];
  /** Which seal of the archive is the newest, and what it proves beyond the chains, as sentences; if it is known. */
  readonly seal?: string;
}

export interface Collected {
  readonly facts: readonly Facts[];
  readonly central: readonly CentralFact[];
  readonly integrity: Integrity;
}

const centralKinds: readonly CentralFact['kind'][] = ['stopped', 'resumed', 'breaker-closed', 'breaker-opened'];

/**
 * Reads the records one by one and keeps only their facts. What can't be trusted is counted and not used: forged records, and remediations
 * with a broken hash chain or with a value that this version does not know.
 */
export async function collect(
  records: AsyncIterable<RemediationRecord> | Iterable<RemediationRecord>,
  {
    until,
    severityOf,
    onRead,
  }: {
    readonly until: number;
    readonly severityOf: (rule: string) => Facts['severity'];
    readonly onRead?: (remediations: number) => void;
  },
): Promise<Collected> {
  const facts: Facts[] = [];
  const central: CentralFact[] = [];
  const broken: { remediation: string; why: string }[] = [];
  const forged: ForgedRecord[] = [];
  const shared = sharer();
  const counts = { remediations: 0, trails: 0, events: 0 };
  for await (const read of records) {
    const record = withoutClaims(read);
    counts.remediations += 1;
    onRead?.(counts.remediations);
    counts.trails += record.trails.length;
    counts.events += record.events.length;
    forged.push(...record.forged);
    const unusable = [...record.breaks, ...unknownIn(record)];
    broken.push(...unusable.map((why) => ({ remediation: nameOf(record), why })));
    if (unusable.length > 0) continue;
    central.push(...centralIn(record));
    const one = record.rule === everything ? undefined : factsOf(record, until, severityOf(record.rule));
    if (one) facts.push(shared(one));
  }
  return { facts, central, integrity: { ...counts, broken, forged } };
}

/**
 * The record without what command lines claim about a remediation of the function, which is never theirs: they have remediations of their own.
 * Whoever may use one can write such a trail, and would decide how the remediation stands, or that it is left out.
 */
function withoutClaims(record: RemediationRecord): RemediationRecord {
  const isClaim = ({ trail }: RemediationRecord['trails'][number]) => trail.by === 'local';
  const isOfFunction = record.trails.some(({ trail, events }) => trail.by === 'rule' && events.length > 0);
  const claims = isOfFunction ? record.trails.filter(isClaim) : [];
  if (claims.length === 0) return record;
  const known = new Set(record.trails.flatMap(({ forged }) => forged));
  const forged = claims.flatMap(({ trail, events }) =>
    events.map(({ sequence }) => ({ trail: trailKey(trail), sequence, why: 'The remediation is that of the function of the rule.' })),
  );
  const rest = record.trails.filter((one) => !isClaim(one));
  const others = [...claims.flatMap((one) => one.forged), ...record.forged.filter((one) => !known.has(one)), ...forged];
  return recordOf(record, rest, others);
}

const repeated = [
  'rule',
  'account',
  'region',
  'source',
  'control',
  'partition',
  'resourceType',
  'resource',
  'finding',
  'reason',
  'code',
] as const;

/** Keeps texts that many remediations have in common once: a report of a year has a hundred thousand of them. */
function sharer(): (facts: Facts) => Facts {
  const known = new Map<string, string>();
  const once = (text: string): string => {
    const found = known.get(text);
    if (found !== undefined) return found;
    known.set(text, text);
    return text;
  };
  return (facts) => {
    const texts = repeated.flatMap((name) => (facts[name] === undefined ? [] : [[name, once(facts[name])] as const]));
    return { ...facts, ...Object.fromEntries(texts) };
  };
}

const centralIn = ({ events }: RemediationRecord): readonly CentralFact[] =>
  events
    .filter(({ kind }) => centralKinds.includes(kind))
    .map(({ kind, actor: by, time, reason }) => ({ kind, by, at: Date.parse(time), reason }));
