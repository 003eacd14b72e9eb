import { loadRules } from '../../functions/catalogue/catalogue';
import type { identify } from '../../functions/findings/identify';
import type { readEvent } from '../../functions/sources/read-event';
import type { isUnread as unread } from '../../functions/sources/refuse';
import { type Aws, type Rule, toArray } from '../../rules/rule';
import type { Form } from './forms';

export const rules = loadRules().map(({ rule }) => rule);

/** The rule for the detector that is for the type; for what is of no type, the first. */
export function ruleOf({ detector, type }: Form): Rule {
  const all = rules.filter(({ detectedBy }) => [...detectedBy.securityHub, ...detectedBy.config].includes(detector));
  const found = all.find(({ resource }) => toArray(resource).some((kind) => kind.type === type)) ?? all[0];
  if (!found) throw new Error(`No rule is detected by ${detector}.`);
  return found;
}

export interface Parsers {
  readonly readEvent: typeof readEvent;
  readonly identify: typeof identify;
  readonly aws: Aws;
}

/** All that the parsers say of a form, as text. */
export async function recordOf(
  form: Form,
  { readEvent, identify, isUnread, aws }: Parsers & { readonly isUnread: typeof unread },
): Promise<string> {
  const { findings, refusals } = readEvent(ruleOf(form), form.event, form.scope ?? {});
  const resources = await Promise.all(findings.map((finding) => identify(finding, aws)));
  const read = findings.map(({ resource: { kind, reported }, ...finding }) => ({ ...finding, type: kind.type, reported }));
  return JSON.stringify([
    read,
    refusals.map((one) => ({ ...one, isUnread: isUnread(one) })),
    resources.map((resource) => (typeof resource === 'symbol' ? 'not found' : resource)),
  ]);
}

/** The ARN of the resource, or the code by which the finding is refused or ends. */
export async function endOf(form: Form, { readEvent, identify, aws }: Parsers): Promise<string> {
  const { findings, refusals } = readEvent(ruleOf(form), form.event, form.scope ?? {});
  const [finding] = findings;
  if (!finding) return refusals.map(({ code }) => code).join();
  const resource = await identify(finding, aws);
  if (typeof resource === 'symbol') return 'not found';
  return 'unfixable' in resource ? resource.code : resource.arn;
}
