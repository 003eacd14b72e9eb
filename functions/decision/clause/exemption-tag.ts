import type { Tags } from '../../../rules/rule';
import { endOf } from '../../policy/expiry';

/** What an exemption tag says: why the resource is exempt, or why the tag, though it is there, exempts no more. */
export interface TagSays {
  readonly exempt: boolean;
  readonly reason: string;
  /** Where it exempts until a day that can be read. */
  readonly end?: Date;
}

const ruleId = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;

/**
 * What the exemption tag says about the rule, or undefined where there is none, or it is about other rules.
 * Its value is `all` or rule ids, separated by spaces, `+` or `/`, then `until` and the last day. What cannot be read exempts: doubt means no change.
 */
export function exemptionTag(rule: string, tag: string, tags: Tags, now: Date): TagSays | undefined {
  const value = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
  if (value === undefined) return undefined;
  const words = value.split(/[\s+/]+/).filter(Boolean);
  const at = words.indexOf('until');
  const rules = at < 0 ? words : words.slice(0, at);
  const [last, ...more] = at < 0 ? [] : words.slice(at + 1);
  const unreadable = rules.find((word) => word !== 'all' && !ruleId.test(word)) ?? more[0];
  if (unreadable !== undefined) {
    const readable = rules.includes(rule) || rules.includes('all') ? '' : ', which is neither `all` nor a rule id';
    return { exempt: true, reason: `the tag ${tag} has ${JSON.stringify(unreadable.slice(0, 60))}${readable}; what can't be read exempts` };
  }
  if (words.length > 0 && rules.length === 0) return { exempt: true, reason: `the tag ${tag} names no rule; what can't be read exempts` };
  if (rules.length > 0 && !rules.includes('all') && !rules.includes(rule)) return undefined;
  const names =
    rules.length === 0
      ? `the tag ${tag} is empty, which exempts from all rules`
      : `the tag ${tag} ${rules.includes('all') ? 'exempts from all rules' : 'names this rule'}`;
  if (at < 0) return { exempt: true, reason: `${names}, without a last day: give it one, such as \`until 2027-01-31\`` };
  const end = last === undefined ? undefined : endOf(last);
  if (!end)
    return {
      exempt: true,
      reason: `${names}, until ${JSON.stringify((last ?? '').slice(0, 60))}, which is no date; what can't be read exempts`,
    };
  return end > now
    ? { exempt: true, reason: `${names} until ${last}`, end }
    : { exempt: false, reason: `${names}, but only until ${last}, which is over` };
}
