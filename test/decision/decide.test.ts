import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { decide, type Facts } from '../../functions/decision/decide';
import { exemption } from '../../functions/decision/exemption';

const command = new PutBucketVersioningCommand({ Bucket: 'b', VersioningConfiguration: { Status: 'Enabled' } });
const reversible = { do: command, undo: command };
const irreversible = { do: command, irreversible: 'it is lost' };
const settings = { mode: 'fix', named: true, exemptionTag: 'posture:exempt', parameters: {} } as const;
const facts: Facts = { rule: { id: 's3-bucket-x', risk: 'safe' }, settings, tags: {}, changes: [reversible] };

describe('a decision', () => {
  it.each([
    ['fixes where the mode says so', {}, 'fix', 'risk: safe'],
    [
      'observes by default',
      { settings: { ...settings, mode: 'observe', named: false } },
      'observe',
      'mode: observe, the default of all rules',
    ],
    [
      'observes where that is set for the rule',
      { settings: { ...settings, mode: 'observe' } },
      'observe',
      'mode: observe, set for this rule',
    ],
    [
      'skips what a tag exempts, in any mode',
      { tags: { 'posture:exempt': 'all' } },
      'skip',
      'exemption: the tag posture:exempt exempts from all rules',
    ],
    [
      'asks for a disruptive rule under a default mode',
      { rule: { id: 'r-x', risk: 'disruptive' }, settings: { ...settings, named: false } },
      'ask',
      'approval: a disruptive rule fixes by itself only where `fix` is set for it by name',
    ],
    ['fixes by a disruptive rule that is named', { rule: { id: 'r-x', risk: 'disruptive' } }, 'fix', 'risk: disruptive'],
    ['asks for a change that cannot be undone', { changes: [irreversible] }, 'ask', "approval: one change can't be undone: it is lost"],
    [
      'asks where what can be undone stands behind what can not',
      { changes: [irreversible, reversible] },
      'ask',
      'approval: changes that can be undone stand behind one that can not, and may depend on it',
    ],
    ['fixes an account, which has no tags', { tags: undefined }, 'fix', 'risk: safe'],
  ] as const)('%s', (_name, over, verdict, last) => {
    const decision = decide({ ...facts, ...over } as Facts);
    expect(decision.verdict).toBe(verdict);
    expect(decision.reasons.at(-1)).toBe(last);
  });

  it('fixes what can be undone, and holds the rest', () => {
    expect(decide({ ...facts, changes: [reversible, irreversible] })).toMatchObject({
      verdict: 'fix',
      changes: [reversible],
      held: [irreversible],
    });
  });

  it('never applies what can not be undone, whatever the facts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(reversible, irreversible), { minLength: 1 }),
        fc.constantFrom('safe', 'disruptive'),
        fc.boolean(),
        (changes, risk, named) => {
          const decision = decide({
            ...facts,
            rule: { id: 's3-bucket-x', risk: risk as 'safe' },
            settings: { ...settings, named },
            changes,
          });
          if (decision.verdict === 'fix') expect(decision.changes.some((change) => 'irreversible' in change)).toBe(false);
          expect(decision.reasons.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('the exemption tag', () => {
  const of = (value: string) => exemption('s3-bucket-x', 't', { t: value }) !== undefined;
  it.each([
    ['all', true],
    ['s3-bucket-x', true],
    ['s3-bucket-y s3-bucket-x', true],
    ['s3-bucket-y+s3-bucket-x', true],
    ['', true],
    ['   ', true],
    ['ALL', true],
    ['s3-bucket-x; drop', true],
    ['true', true],
    ['s3-bucket-y', false],
    ['s3-bucket-y ec2-z', false],
  ])('with the value %j exempts: %s', (value, expected) => expect(of(value)).toBe(expected));

  it('is not inherited from the prototype of the tags', () => {
    expect(exemption('s3-bucket-x', 'constructor', {})).toBeUndefined();
    expect(exemption('s3-bucket-x', '__proto__', {})).toBeUndefined();
  });
});
