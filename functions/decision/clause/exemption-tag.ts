import type { Tags } from '../../../rules/rule';
import { endOf } from '../../policy/expiry';

/** The meaning of an exemption tag: why the resource is exempt, or why the tag no longer exempts it. */
export interface TagSays {
  readonly exempt: boolean;
  readonly reason: string;
  /** The end of the exemption, if the tag has a valid date. */
  readonly end?: Date;
}

const ruleId = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;

/**
 * The meaning of the exemption tag for the rule; undefined if there is no tag, or it is for other rules.
 * Its value is `all` or rule ids, separated by spaces, `+` or `/`, then `until` and the last day. An unreadable value exempts: in doubt, nothing is changed.
 */
export function exemptionTag(rule: string, tag: string, tags: Tags, now: Date): TagSays | undefined {
  const value = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
  if (value === undefined) return undefined;
  const read = readValue(value);
  const unreadable = unreadableIn(read, rule);
  if (unreadable !== undefined) return { exempt: true, reason: `the tag ${tag} ${unreadable}; an unreadable value exempts the resource` };
  const named = namedBy(read.rules, rule);
  return named === undefined ? undefined : exemptionUntil(read.until, `the tag ${tag} ${named}`, now);
}

interface TagValue {
  /** The words before `until`. */
  readonly rules: readonly string[];
  /** The words after it; undefined without an `until`. */
  readonly until?: readonly string[];
}

function readValue(value: string): TagValue {
  const words = value.split(/[\s+/]+/).filter(Boolean);
  const at = words.indexOf('until');
  return at < 0 ? { rules: words } : { rules: words.slice(0, at), until: words.slice(at + 1) };
}

/** What is unreadable in the value; undefined if nothing is. */
function unreadableIn({ rules, until }: TagValue, rule: string): string | undefined {
  const word = rules.find((one) => one !== 'all' && !ruleId.test(one)) ?? until?.[1];
  if (word === undefined) return until !== undefined && rules.length === 0 ? 'names no rule' : undefined;
  const readable = rules.includes(rule) || rules.includes('all') ? '' : ', which is neither `all` nor a rule id';
  return `has ${quoted(word)}${readable}`;
}

/** How the value names the rule; undefined if it does not. */
function namedBy(rules: readonly string[], rule: string): string | undefined {
  if (rules.length === 0) return 'is empty, which exempts from all rules';
  if (rules.includes('all')) return 'exempts from all rules';
  return rules.includes(rule) ? 'names this rule' : undefined;
}

function exemptionUntil(until: readonly string[] | undefined, named: string, now: Date): TagSays {
  if (!until) return { exempt: true, reason: `${named}, without an end date. Add one, such as \`until 2027-01-31\`` };
  const [last = ''] = until;
  const end = endOf(last);
  if (!end)
    return {
      exempt: true,
      reason: `${named}, until ${quoted(last)}, which is not a valid date; an unreadable value exempts the resource`,
    };
  return end > now
    ? { exempt: true, reason: `${named} until ${last}`, end }
    : { exempt: false, reason: `${named}, but the exemption expired after ${last}` };
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 60));
