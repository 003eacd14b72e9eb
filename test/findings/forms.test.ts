import { loadRules } from '../../functions/catalogue/catalogue';
import { identify } from '../../functions/findings/identify';
import { readEvent } from '../../functions/sources/read-event';
import { isUnread } from '../../functions/sources/refuse';
import { notFound, type Rule, toArray } from '../../rules/rule';
import { aws } from './aws';
import { type Form, forms, ofKinds } from './forms';
import { kindForms } from './kinds';

const rules = loadRules().map(({ rule }) => rule);

/** The rule for the detector that is for the type; for what is of no type, the first. */
function ruleOf({ detector, type }: Form): Rule {
  const all = rules.filter(({ detectedBy }) => [...detectedBy.securityHub, ...detectedBy.config].includes(detector));
  const found = all.find(({ resource }) => toArray(resource).some((kind) => kind.type === type)) ?? all[0];
  if (!found) throw new Error(`No rule is detected by ${detector}.`);
  return found;
}

async function endOf(form: Form): Promise<string> {
  const { findings, refusals } = readEvent(ruleOf(form), form.event, form.scope ?? {});
  const [finding] = findings;
  if (!finding) return refusals.map(({ code }) => code).join();
  const resource = await identify(finding, aws);
  if (resource === notFound) return 'not found';
  return 'unfixable' in resource ? resource.code : resource.arn;
}

test.each(forms.map((form) => ({ ...form, name: `${form.source}, ${form.type}: ${form.form}` })))('$name', async (form) => {
  expect(await endOf(form)).toBe(form.expected);
});

test('the table has 150 forms that differ in more than a name, 60 of them after documents or captures', () => {
  const keys = forms.map(({ source, type, form, detector }) => JSON.stringify([source, type, form, detector]));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  expect(forms.length).toBeGreaterThanOrEqual(150);
  expect(forms.filter(({ document }) => document?.startsWith('https://')).length).toBeGreaterThanOrEqual(60);
});

test('each type of the catalogue has forms of each detector that reports it', () => {
  const types = [...new Set(rules.flatMap(({ resource }) => toArray(resource).map(({ type }) => type)))].sort();
  expect(Object.keys(kindForms).sort()).toEqual(types);
  for (const type of types) {
    const sources = ofKinds.filter((form) => form.type === type).map(({ source }) => source);
    const reported = rules.filter(({ resource }) => toArray(resource).some((kind) => kind.type === type));
    if (reported.some(({ detectedBy }) => detectedBy.config.length > 0)) expect([type, ...sources]).toContain('AWS Config');
  }
});

test('only what contradicts itself raises the alarm', () => {
  const alarms = forms.flatMap((form) =>
    readEvent(ruleOf(form), form.event, form.scope ?? {}).refusals.filter(({ kind }) => kind === 'invalid'),
  );
  expect([...new Set(alarms.map(({ code }) => code))].sort()).toEqual(['contradictory-event', 'foreign-account', 'untrusted-product']);
  expect(alarms.every(isUnread)).toBe(true);
});
