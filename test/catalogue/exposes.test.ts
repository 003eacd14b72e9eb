import { loadRules } from '../../functions/catalogue/catalogue';
import type { Control } from './controls';
import controls from './controls.json';

/** How AWS names what lets anybody in, in the titles of its controls. */
const open = /public|internet|0\.0\.0\.0|unrestricted|restricted origins|require authorization/i;

/** Controls whose title has these words, and whose misconfiguration lets nobody in by itself. */
const guards: Readonly<Record<string, string>> = {
  'Autoscaling.5': 'Only instances that are launched later get a public address.',
  'EC2.25': 'Only instances that are launched later get a public address.',
  'EC2.15': 'Only network interfaces that are created later get a public address.',
  'EC2.182': 'A snapshot is public only if it is shared: EC2.1.',
  'SSM.7': 'A document is public only if it is shared: SSM.4.',
  'S3.1': 'A bucket is public only by its own policy or access control list: S3.2, S3.3 and S3.8.',
  'EMR.2': 'A cluster is reachable only by its own security groups.',
  'RDS.46': 'An instance is reachable only with a public address: RDS.2.',
};

const titles = new Map((controls as readonly Control[]).map(({ id, title }) => [id, title]));
const opens = (control: string): boolean => open.test(titles.get(control) ?? '');

describe('a rule exposes', () => {
  const rules = loadRules().map(({ rule }) => rule);

  it('exactly if AWS says of one of its controls, or of its findings without a control, that it lets anybody in, and no guard does', () => {
    const expected = rules.filter(
      ({ detectedBy: { securityHub, accessAnalyzer } }) =>
        securityHub.some((one) => opens(one) && !Object.hasOwn(guards, one)) ||
        (securityHub.length === 0 && accessAnalyzer?.some((type) => type.startsWith('PublicAccess/'))),
    );
    expect(rules.filter(({ exposes }) => exposes).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    expect(expected.length).toBeGreaterThan(15);
  });

  it('if a source reports nothing else to it than access from outside', () => {
    const reported = rules.filter(({ detectedBy }) => detectedBy.accessAnalyzer !== undefined || detectedBy.macie !== undefined);
    expect(reported.length).toBeGreaterThan(0);
    expect(reported.filter(({ exposes }) => !exposes).map(({ id }) => id)).toEqual([]);
  });

  it('never together with a response, which has rules of its own for its tickets', () => {
    expect(rules.filter(({ exposes, response }) => exposes && response)).toEqual([]);
  });

  it('and each guard is a control of a rule with such a title', () => {
    const known = new Set<string>(rules.flatMap(({ detectedBy }) => detectedBy.securityHub));
    expect(Object.keys(guards).filter((one) => !known.has(one) || !opens(one))).toEqual([]);
  });
});
