import { loadRules } from '../../functions/catalogue/catalogue';
import { knownTo } from '../../functions/policy/parameters';
import documented from './detector-parameters.json';

const rules = loadRules().map(({ rule }) => [rule.id, rule] as const);
const parametersOf: Readonly<Record<string, readonly string[]>> = { ...documented.securityHub, ...documented.config };
const sorted = (names: readonly string[]) => names.map((name) => name.toLowerCase()).toSorted();

describe('the parameters that AWS documents for a control or Config rule', () => {
  it.each(rules)('are each mapped or excused by %s', (_, { detectedBy, detectorParameters = {} }) => {
    const detectors = [...detectedBy.securityHub, ...detectedBy.config];
    const own = detectors.map((name) => [name, sorted(Object.keys(detectorParameters[name] ?? {}))]);
    expect(own).toEqual(detectors.map((name) => [name, sorted(parametersOf[name] ?? ['not in the table'])]));
    expect(Object.keys(detectorParameters).filter((name) => !detectors.includes(name))).toEqual([]);
  });

  it.each(rules)('set parameters that %s has, or are excused by a sentence', (_, rule) => {
    for (const parameter of Object.values(rule.detectorParameters ?? {}).flatMap((one) => Object.values(one))) {
      if ('sets' in parameter) expect(knownTo(rule)).toContain(parameter.sets);
      else expect('irrelevant' in parameter ? parameter.irrelevant : parameter.unmappable).toMatch(/^[A-Z].+\.$/s);
    }
  });

  it('are listed for what the catalogue covers, and nothing else', () => {
    const covered = rules.flatMap(([, { detectedBy }]) => [...detectedBy.securityHub, ...detectedBy.config]);
    expect(Object.keys(parametersOf).toSorted()).toEqual([...new Set(covered)].toSorted());
    expect(Object.values(parametersOf).filter((names) => names.length > 0).length).toBeGreaterThan(80);
  });
});
