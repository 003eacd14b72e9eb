import { loadRules } from '../../functions/catalogue/catalogue';
import { type Control, controls } from './controls';
import { coverage } from './coverage';
import { omissions } from './omissions';
import { inScope } from './scope';

const ids = (some: readonly Control[]) => some.map(({ id }) => id);

describe('the catalogue', () => {
  const found = coverage(
    loadRules().map(({ rule }) => rule),
    controls,
    omissions,
  );

  it('answers every control in scope, or says why not', () => {
    expect(ids(found.missing)).toEqual([]);
  });

  it('names controls that are there, and leaves out only what no rule answers', () => {
    expect(found.mistakes).toEqual([]);
  });

  it('says in a sentence why it leaves out a control', () => {
    for (const [id, reason] of Object.entries(omissions)) expect([id, reason]).toEqual([id, expect.stringMatching(/^[A-Z].+\.$/)]);
  });
});

describe('the list of controls', () => {
  it('has each control once', () => {
    expect(ids(controls)).toEqual([...new Set(ids(controls))]);
  });
});

describe('the coverage', () => {
  const control = (id: string, rest: Partial<Control> = {}): Control => ({
    id,
    title: `${id} should be so`,
    severity: 'high',
    resource: 'AWS::S3::Bucket',
    standards: ['FSBP'],
    class: 'auto-safe',
    ...rest,
  });
  const answering = (...securityHub: string[]) => ({ id: 'a-rule', detectedBy: { securityHub, config: [] } });

  it('tells what is fixed, left out and missing', () => {
    const found = coverage([answering('A.1')], [control('A.1'), control('A.2'), control('A.3'), control('A.4', { severity: 'low' })], {
      'A.2': 'No call can do it.',
    });
    expect([ids(found.fixed), ids(found.omitted), ids(found.missing), found.mistakes]).toEqual([['A.1'], ['A.2'], ['A.3'], []]);
  });

  it('tells of controls that are named wrongly', () => {
    const left = { 'A.1': 'It can not be done.', 'A.2': 'It is of little use.', 'A.9': 'There is none.' };
    expect(coverage([answering('A.1', 'A.7')], [control('A.1'), control('A.2', { severity: 'low' })], left).mistakes).toEqual([
      'The rule a-rule names A.7, and Security Hub has no such control.',
      'The omissions name A.2, which is not in scope anyway.',
      'The omissions name A.9, which is not in scope anyway.',
      'The omissions name A.1, which a rule answers after all.',
    ]);
  });

  it.each<[string, Partial<Control>, boolean]>([
    ['high', {}, true],
    ['medium', { severity: 'medium' }, false],
    ['medium that the peer fixes', { severity: 'medium', peer: true }, true],
    ['retired', { status: 'retired' }, false],
    ['retiring', { status: 'retiring' }, false],
    ['of tags', { tagging: true, peer: true }, false],
    ['that needs a new resource', { class: 'replace-only' }, false],
    ['that no call can fix', { class: 'detect-only' }, false],
    ['that needs its owner', { class: 'needs-input' }, true],
  ])('has a control in scope or not: one %s', (_, rest, expected) => {
    expect(inScope(control('A.1', rest))).toBe(expected);
  });
});
