import { loadRules } from '../../functions/catalogue/catalogue';
import { knownTo } from '../../functions/policy/parameters';
import { changeTriggered, evaluationPeriod } from '../../functions/sources/evaluation-period';
import { hours } from '../../rules/duration';
import { documented, documentedOf, isControl, pageOf, parameterNamesOf } from './detectors';

const rules = loadRules().map(({ rule }) => [rule.id, rule] as const);
const all = Object.entries({ ...documented.securityHub, ...documented.config });
const today = new Date().toISOString().slice(0, 10);
const sorted = (names: readonly string[]) => names.map((name) => name.toLowerCase()).toSorted();

describe('the parameters that AWS documents for a control or Config rule', () => {
  it.each(rules)('are each mapped or excused by %s', (_, { detectedBy, detectorParameters = {} }) => {
    const detectors = [...detectedBy.securityHub, ...detectedBy.config];
    const own = detectors.map((name) => [name, sorted(Object.keys(detectorParameters[name] ?? {}))]);
    const theirs = (name: string) => {
      const found = documentedOf(name);
      return found ? sorted(parameterNamesOf(found)) : ['not in the table'];
    };
    expect(own).toEqual(detectors.map((name) => [name, theirs(name)]));
    expect(Object.keys(detectorParameters).filter((name) => !detectors.includes(name))).toEqual([]);
  });

  it.each(rules)('set parameters that %s has, or are excused by a sentence', (_, rule) => {
    for (const parameter of Object.values(rule.detectorParameters ?? {}).flatMap((one) => Object.values(one))) {
      if ('sets' in parameter) expect(knownTo(rule)).toContain(parameter.sets);
      else expect('irrelevant' in parameter ? parameter.irrelevant : parameter.unmappable).toMatch(/^[A-Z].+\.$/s);
    }
  });

  it.each(rules)('have for %s the values that AWS judges by where they are left out', (_, { detectorParameters = {} }) => {
    const assumed = Object.entries(detectorParameters).flatMap(([detector, parameters]) =>
      Object.entries(parameters).flatMap(([name, parameter]) =>
        'sets' in parameter && parameter.absent !== undefined ? [[detector, name, parameter.absent] as const] : [],
      ),
    );
    expect(assumed).toEqual(assumed.map(([detector, name]) => [detector, name, documentedOf(detector)?.parameters[name] ?? '']));
  });

  it('are listed for what the catalogue covers, and nothing else', () => {
    const covered = rules.flatMap(([, { detectedBy }]) => [...detectedBy.securityHub, ...detectedBy.config]);
    expect(all.map(([name]) => name).toSorted()).toEqual([...new Set(covered)].toSorted());
    expect(all.filter(([, { parameters }]) => Object.keys(parameters).length > 0).length).toBeGreaterThan(80);
  });
});

describe('the table of detectors', () => {
  it.each(all)('has for %s the day on which its page was read, or says that no page was found', (name, one) => {
    expect(one.read === null || (one.read <= today && /^20\d\d-\d\d-\d\d$/.test(one.read))).toBe(true);
    // What no page says isn't claimed.
    expect([name, one.trigger === null]).toEqual([name, one.read === null]);
    for (const sentence of [...Object.values(one.unlisted ?? {}), ...(one.within ? [one.within.why] : [])])
      expect(sentence).toMatch(/^[A-Z].+\.$/);
  });

  it('names a page of the user guide for each control, and of the developer guide for each Config rule that has one', () => {
    expect(pageOf('S3.8')).toBe('https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8');
    expect(pageOf('restricted-ssh')).toBe('https://docs.aws.amazon.com/config/latest/developerguide/restricted-ssh.html');
    expect(pageOf('sqs-queue-encrypted')).toBe(pageOf('SQS.1'));
    for (const [name, { control }] of all)
      expect([name, pageOf(name).includes('/securityhub/')]).toEqual([name, isControl(name) || control !== undefined]);
  });

  it('names with a Config rule of Security Hub itself the control that names it', () => {
    const own = all.flatMap(([name, { control }]) => (control === undefined ? [] : [[name, control] as const]));
    expect(own.length).toBeGreaterThan(5);
    for (const [name, control] of own) expect([control, documentedOf(control)?.rule]).toEqual([control, name]);
  });
});

describe('the period of a detector', () => {
  it.each(all)('of %s is the one of its documented trigger', (name, { trigger, within }) => {
    const usual = trigger?.startsWith('change') ? 1 : 24;
    expect(evaluationPeriod(name)).toBe(hours(within?.hours ?? usual));
  });

  it('is short for no detector that the table lacks', () => {
    expect([...changeTriggered].filter((name) => !documentedOf(name))).toEqual([]);
  });
});
