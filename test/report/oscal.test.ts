import Ajv from 'ajv';
import { jsonParts } from '../../functions/json-text';
import { categories } from '../../functions/report/category';
import { reportIn } from '../../functions/report/formats';
import { oscalDocument } from '../../functions/report/oscal/document';
import type { Report } from '../../functions/report/report';
import { generatedReport } from './pages';
import published from './schemas/oscal-1.2.3-assessment-results.json';

interface Observation {
  readonly uuid: string;
  readonly props: readonly Property[];
  readonly subjects: readonly { readonly 'subject-uuid': string }[];
  readonly 'relevant-evidence': readonly { readonly href: string; readonly props: readonly Property[] }[];
}
interface Property {
  readonly name: string;
  readonly value: string;
}
interface Result {
  readonly uuid: string;
  readonly title: string;
  readonly props: readonly Property[];
  readonly 'local-definitions': { readonly 'inventory-items': readonly { readonly uuid: string }[] };
  readonly 'reviewed-controls': { readonly 'control-selections': readonly Record<string, readonly { readonly 'control-id': string }[]>[] };
  readonly observations: readonly Observation[];
  readonly findings: readonly {
    readonly uuid: string;
    readonly props: readonly Property[];
    readonly target: { readonly 'target-id': string; readonly status: { readonly state: string; readonly reason: string } };
    readonly 'related-observations': readonly { readonly 'observation-uuid': string }[];
  }[];
}
interface Document {
  readonly 'assessment-results': {
    readonly uuid: string;
    readonly metadata: { readonly parties: readonly { readonly name: string; readonly type: string }[] };
    readonly 'import-ap': { readonly href: string };
    readonly results: readonly Result[];
    readonly 'back-matter': { readonly resources: readonly { readonly uuid: string; readonly title: string }[] };
  };
}

// Its identifiers of definitions are pointers, which Ajv reads as base addresses.
const schema = JSON.parse(JSON.stringify(published, (key, value) => (key === '$id' ? undefined : value)));
const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);

const textOf = (report: Report): string => [...reportIn('oscal', report)].join('');
const documentOf = (report: Report): Document => JSON.parse(textOf(report)) as Document;
const propertyIn = (props: readonly Property[], name: string) => props.find((one) => one.name === name)?.value;

function expectValid(document: object): void {
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
}

describe('a report in OSCAL', () => {
  let report: Report;
  let document: Document;
  let results: readonly Result[];

  beforeAll(async () => {
    report = await generatedReport({ seed: 11, events: 2000, days: 90, hostile: 0.2 });
    document = documentOf(report);
    ({ results } = document['assessment-results']);
  });

  it('is valid against the published schema, with hostile names', () => {
    expectValid(document);
    expect(textOf(report)).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it('would not be valid with a field left out, or one more', () => {
    const { metadata, ...rest } = document['assessment-results'];
    expect(validate({ 'assessment-results': rest })).toBe(false);
    expect(validate({ 'assessment-results': { ...rest, metadata: { ...metadata, author: 'me' } } })).toBe(false);
  });

  it('has the numbers of the report: each requirement of each standard, with its misconfigurations', () => {
    for (const { standard, requirement, found, counts } of report.numbers.byRequirement) {
      const result = results.find(({ props }) => propertyIn(props, 'standard') === standard);
      const findings = (result?.findings ?? []).filter(({ props, target }) => {
        const id = target['target-id'];
        return propertyIn(props, 'found') === String(found) && (id === requirement || id === `${standard}-${requirement}`);
      });
      expect([standard, requirement, findings.length]).toEqual([standard, requirement, 1]);
      const [finding] = findings;
      expect(finding?.['related-observations']).toHaveLength(found);
      for (const one of categories) expect(propertyIn(finding?.props ?? [], one)).toBe(String(counts[one]));
      const open = found - counts.fixed - counts.compliant - counts.exempt;
      const rest = counts.exempt > 0 ? 'other' : 'pass';
      const expected = open > 0 ? 'fail' : rest;
      expect(finding?.target.status.reason).toBe(expected);
      expect(finding?.target.status.state).toBe(expected === 'pass' ? 'satisfied' : 'not-satisfied');
    }
    expect(results.flatMap(({ findings }) => findings).length).toBeGreaterThan(report.numbers.byRequirement.length - 1);
  });

  it('has no identifier twice, and leads with each reference to something that is there', () => {
    const back = document['assessment-results']['back-matter'].resources;
    const named = results.flatMap(({ uuid, observations, findings, 'local-definitions': { 'inventory-items': items } }) => [
      uuid,
      ...[...observations, ...findings, ...items].map((one) => one.uuid),
    ]);
    expect(new Set(named).size).toBe(named.length);
    for (const {
      observations,
      findings,
      'local-definitions': { 'inventory-items': items },
    } of results) {
      const known = new Set([...observations, ...items].map(({ uuid }) => uuid));
      const references = [
        ...findings.flatMap((one) => one['related-observations'].map((each) => each['observation-uuid'])),
        ...observations.flatMap(({ subjects }) => subjects.map((each) => each['subject-uuid'])),
      ];
      expect(references.filter((uuid) => !known.has(uuid))).toEqual([]);
    }
    const hrefs = results.flatMap(({ observations }) => observations.flatMap((one) => one['relevant-evidence'].map(({ href }) => href)));
    expect(new Set([...hrefs, document['assessment-results']['import-ap'].href])).toEqual(new Set(back.map(({ uuid }) => `#${uuid}`)));
    expect(back.map(({ title }) => title)).toEqual(['No assessment plan', 'Audit log']);
  });

  it('has the trail, the number and the hash of the event that states each outcome', () => {
    const evidence = new Map(
      results.flatMap(({ observations }) =>
        observations.flatMap((one) => one['relevant-evidence'].map(({ props }) => [propertyIn(props, 'trail'), props] as const)),
      ),
    );
    const all = report.numbers.misconfigurations.flatMap(({ history }) => history);
    expect(evidence.size).toBe(all.length);
    for (const { trail, sequence, hash, outcome } of all) {
      const props = evidence.get(trail) ?? [];
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(['sequence', 'hash', 'outcome'].map((name) => propertyIn(props, name))).toEqual([String(sequence), hash, outcome]);
    }
  });

  it('names who answered, as parties', () => {
    const { parties } = document['assessment-results'].metadata;
    expect(parties.filter(({ type }) => type === 'person').map(({ name }) => name)).toEqual(report.numbers.answers.map(({ by }) => by));
  });

  it('has the same identifiers twice, and others for another period or log', () => {
    expect(textOf(report)).toBe(textOf(report));
    const idOf = (of: Report) => oscalDocument(of)['assessment-results'].uuid;
    const { span } = report.numbers;
    expect(idOf({ ...report, made: report.made + 1 })).toBe(idOf(report));
    expect(idOf({ ...report, log: report.log.replace('123456789012', '123456789013') })).not.toBe(idOf(report));
    expect(idOf({ ...report, numbers: { ...report.numbers, span: { ...span, until: span.until + 1 } } })).not.toBe(idOf(report));
  });

  it('is valid for a period in which nothing happened, and says nothing about controls', async () => {
    const nothing = documentOf(await generatedReport({ seed: 11, events: 0, days: 30 }));
    expectValid(nothing);
    expect(nothing['assessment-results'].results).toMatchObject([{ title: 'All standards' }]);
    expect(nothing['assessment-results'].results[0]?.observations).toBeUndefined();
  });

  it('is valid with 10,000 remediations', async () => {
    const large = await generatedReport({ seed: 3, events: 18_000, days: 30 });
    expect(large.numbers.remediations).toBeGreaterThan(8000);
    expectValid(documentOf(large));
  }, 120_000);
});

describe('JSON in parts', () => {
  it('is the JSON of the same value with arrays', () => {
    const value = (list: (...things: readonly unknown[]) => unknown) => ({
      a: list(1, { b: list(), c: undefined, d: 'x\u202ey' }, list(list(null))),
      e: {},
      f: [list === undefined],
    });
    function* lazily(...things: readonly unknown[]) {
      yield* things;
    }
    const text = [...jsonParts(value(lazily))].join('');
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value((...things) => things))));
    expect(text).toContain('x\\u202ey');
  });
});
