import { eventOfOcsf } from '../../functions/cli/input/event-of';
import { identify } from '../../functions/findings/identify';
import { readEvent } from '../../functions/sources/read-event';
import { isUnread } from '../../functions/sources/refuse';
import { toArray } from '../../rules/rule';
import { aws } from './aws';
import { endOf, ruleOf, rules } from './end-of';
import { forms, ofKinds } from './forms';
import { kindForms } from './kinds';
import { ocsfFinding, ocsfForms } from './ocsf';

test.each(forms.map((form) => ({ ...form, name: `${form.source}, ${form.type}: ${form.form}` })))('$name', async (form) => {
  expect(await endOf(form, { readEvent, identify, aws })).toBe(form.expected);
});

const ports = rules.filter(({ detectedBy }) => detectedBy.securityHub.includes('EC2.18'));

test.each(ocsfForms)('Security Hub V2, a compliance finding of OCSF: $form', async ({ finding, expected }) => {
  const { findings, refusals } = readEvent(ports[0] as (typeof ports)[number], eventOfOcsf(finding), {});
  if ('refused' in expected)
    return expect({ findings, refusals }).toEqual({
      findings: [],
      refusals: [expect.objectContaining({ reason: expect.stringMatching(expected.refused) })],
    });
  const arn = ocsfFinding.resources[0].uid_alt;
  expect(findings).toEqual([expect.objectContaining({ detectedBy: 'EC2.18', resource: expect.objectContaining({ reported: { arn } }) })]);
  expect(findings[0]?.parameters).toEqual(expected.parameters);
});

test('the table has 150 forms that differ in more than a name, 60 of them after documents or captures', () => {
  const keys = forms.map(({ source, type, form, detector }) => JSON.stringify([source, type, form, detector]));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  expect(forms.length).toBeGreaterThanOrEqual(150);
  expect(forms.filter(({ document }) => document?.startsWith('https://')).length).toBeGreaterThanOrEqual(60);
});

test('each type of the catalogue has forms of each detector that reports it', () => {
  // GuardDuty names resources in forms of its own: test/sources/services.test.ts.
  const reporting = rules.filter(({ detectedBy: { securityHub, config } }) => securityHub.length + config.length > 0);
  const types = [...new Set(reporting.flatMap(({ resource }) => toArray(resource).map(({ type }) => type)))].sort();
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
  expect([...new Set(alarms.map(({ code }) => code))].sort()).toEqual([
    'contradictory-event',
    'foreign-account',
    'foreign-action',
    'untrusted-product',
  ]);
  expect(alarms.every(isUnread)).toBe(true);
});
