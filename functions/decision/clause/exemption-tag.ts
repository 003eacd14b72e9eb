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
  const words = value.split(/[\s+/]+/).filter(Boolean);
  const at = words.indexOf('until');
  const rules = at < 0 ? words : words.slice(0, at);
  const [last, ...more] = at < 0 ? [] : words.slice(at + 1);
  const unreadable = rules.find((word) => word !== 'all' && !ruleId.test(word)) ?? more[0];
  if (unreadable !== undefined) {
    const readable = rules.includes(rule) || rules.includes('all') ? '' : ', which is neither `all` nor a rule id';
    return {
      exempt: true,
      reason: `the tag ${tag} has ${JSON.stringify(unreadable.slice(0, 60))}${readable}; an unreadable value exempts the resource`,
    };
  }
  if (words.length > 0 && rules.length === 0)
    return { exempt: true, reason: `the tag ${tag} names no rule; an unreadable value exempts the resource` };
  if (rules.length > 0 && !rules.includes('all') && !rules.includes(rule)) return undefined;
  const names =
    rules.length === 0
      ? `the tag ${tag} is empty, which exempts from all rules`
      : `the tag ${tag} ${rules.includes('all') ? 'exempts from all rules' : 'names this rule'}`;
  if (at < 0) return { exempt: true, reason: `${names}, without an end date. Add one, such as \`until 2027-01-31\`` };
  const end = last === undefined ? undefined : endOf(last);
  if (!end)
    return {
      exempt: true,
      reason: `${names}, until ${JSON.stringify((last ?? '').slice(0, 60))}, which is not a valid date; an unreadable value exempts the resource`,
    };
  return end > now
    ? { exempt: true, reason: `${names} until ${last}`, end }
    : { exempt: false, reason: `${names}, but the exemption expired after ${last}` };
}
