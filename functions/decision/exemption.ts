import type { Tags } from '../../rules/rule';

/**
 * Why the resource is exempt from the rule, or undefined where it is not.
 * The tag's value is `all` or rule ids, separated by spaces, `+` or `/`. What cannot be read exempts: doubt means no change.
 */
export function exemption(rule: string, tag: string, tags: Tags): string | undefined {
  const value = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
  if (value === undefined) return undefined;
  const words = value.split(/[\s+/]+/).filter(Boolean);
  if (words.length === 0) return `the tag ${tag} is empty, which exempts from all rules`;
  if (words.includes('all')) return `the tag ${tag} exempts from all rules`;
  if (words.includes(rule)) return `the tag ${tag} names this rule`;
  const unreadable = words.find((word) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(word));
  if (unreadable === undefined) return undefined;
  return `the tag ${tag} has ${JSON.stringify(unreadable.slice(0, 60))}, which is neither \`all\` nor a rule id; what can't be read exempts`;
}
