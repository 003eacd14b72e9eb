import type { Rule } from '../../rules/rule';

/** Whether a text stands for one that somebody still has to write: three words or more, all in capitals. */
export const isMark = (text: string): boolean => !/[a-z]/.test(text) && (text.match(/[A-Z]{2,}/g) ?? []).length > 2;

/** The fields of a rule that hold what `npm run rule:new` wrote there, with the value and what to write instead. */
export function unfilledIn(rule: Partial<Rule>): readonly string[] {
  const { title = '', why = '', impact = '', detectedBy, permissions = {}, resource = [], commands = [], clients = [] } = rule;
  const kinds = [resource].flat();
  const texts = Object.entries({ title, why, impact }).filter(([, text]) => isMark(text));
  const controls = (detectedBy?.securityHub ?? []).filter((control) => control.endsWith('.0'));
  const places = kinds.flatMap(({ type, arn }) => [type, arn]).filter((text) => text.includes('THING'));
  const grants = JSON.stringify(permissions).match(/[\w-]+:\w*THING/g) ?? [];
  const missing = [...clients, ...commands].some((one) => typeof one !== 'function');
  return [
    ...texts.map(([field, text]) => `${field} is ${JSON.stringify(text)}: write a sentence`),
    ...controls.map((control) => `detectedBy.securityHub names ${control}: specify the Security Hub control, or none`),
    ...places.map((text) => `resource has ${JSON.stringify(text)}: specify the resource`),
    ...grants.map((action) => `permissions has ${action}: specify an IAM action`),
    ...(missing ? ['clients or commands has a name that the SDK client does not export: specify classes of its package'] : []),
  ];
}
