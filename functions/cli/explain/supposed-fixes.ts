import type { Resource, Rule } from '../../../rules/rule';
import { canonicalJson } from '../../canonical-json';
import { leaseKey } from '../../coordination/lease-key';
import type { Facts, Used } from '../../decision/facts';
import type { LoggedChange } from '../../log/event';

/** A fix that would have been made. */
export interface SupposedFix {
  readonly rule: Pick<Rule, 'id' | 'resource'>;
  readonly resource: Resource;
  readonly changes: readonly LoggedChange[];
  /** Those that it counts under. */
  readonly caps?: Facts['caps'] | undefined;
}

/** The fixes that are supposed to be made already, one after another. */
export interface SupposedFixes {
  add(fix: SupposedFix): void;
  /** Whether all its changes are made by those before. */
  include(fix: SupposedFix): boolean;
  /** The facts as they would be: those before count against the limits. */
  countIn(facts: Facts): Facts;
}

export function supposedFixes(): SupposedFixes {
  const counted = new Map<string, number>();
  const contained = new Map<string, readonly string[]>();
  /** By rule and resource. */
  const calls = new Map<string, Set<string>>();

  return {
    add(fix) {
      for (const one of ['all', fix.rule.id, fix.resource.account]) counted.set(one, (counted.get(one) ?? 0) + 1);
      for (const { of, member } of fix.caps ?? []) contained.set(of, [...(contained.get(of) ?? []), member]);
      calls.set(keyOf(fix), new Set([...(calls.get(keyOf(fix)) ?? []), ...callsOf(fix)]));
    },
    include: (fix) => callsOf(fix).every((call) => calls.get(keyOf(fix))?.has(call)),
    countIn(facts) {
      if (!('known' in facts.recorded)) return facts;
      const { used, capped = {} } = facts.recorded.known;
      const { rule, account } = facts.about;
      const added = { all: more(used.all, 'all'), rule: more(used.rule, rule.id), account: more(used.account, account) };
      const members = Object.entries(capped).map(([of, some]) => [of, [...new Set([...some, ...(contained.get(of) ?? [])])]] as const);
      return { ...facts, recorded: { known: { ...facts.recorded.known, used: added, capped: Object.fromEntries(members) } } };
    },
  };

  function more({ hour, day }: Used, of: string): Used {
    const count = counted.get(of) ?? 0;
    return { hour: hour + count, day: day + count };
  }
}

const keyOf = ({ rule, resource }: SupposedFix): string => `${rule.id} ${leaseKey(rule, resource)}`;

const callsOf = ({ changes }: SupposedFix): readonly string[] => changes.map((change) => canonicalJson(change.do));
