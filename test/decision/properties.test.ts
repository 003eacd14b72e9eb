import { decide, decisionPath } from '../../functions/decision/decide';
import type { Facts } from '../../functions/decision/facts';
import { compareVerdicts } from '../../functions/decision/verdict';
import { type Policy, policy } from '../../functions/policy/policy';
import * as fc from '../fast-check';
import { factsWith, irreversible, reversible, recorded } from './facts';

const day = '2026-11-2';
const scope = fc.record(
  {
    rules: fc.constantFrom(['s3-*'], ['ec2-*'], ['s3-bucket-x']),
    accounts: fc.constantFrom(['111122223333'], ['999999999999']),
    ous: fc.constantFrom(['r-ab12'], ['ou-ab12-devdevdev']),
    regions: fc.constantFrom(['eu-*'], ['us-*']),
    severities: fc.constantFrom(['high'], ['low']),
    controls: fc.constantFrom(['S3.14'], ['S3.1']),
    tags: fc.constantFrom({ env: 'prod' }, { env: 'dev' }),
  },
  { requiredKeys: [] },
);
const modeClause = fc
  .record({ mode: fc.constantFrom('off', 'observe', 'ask', 'fix'), own: scope })
  .map(({ mode, own }) => ({ mode, ...own }));
const exemptionEntry = fc
  .record({ own: scope, expires: fc.constantFrom(`${day}0`, `${day}4`, '2026-12-24') })
  .map(({ own, expires }) => ({ reason: 'r', owner: 'o', expires, ...own }));
const freezeEntry = fc
  .record({ own: scope, from: fc.constantFrom(`${day}0T00:00`, '2026-12-01T00:00') })
  .map(({ own, from }) => ({ reason: 'r', from, to: '2026-12-24T00:00', ...own }));
const windowEntry = fc
  .record({ own: scope, opens: fc.constantFrom('0 10 * * *', '0 22 * * *', '0 0 1 1 *') })
  .map(({ own, opens }) => ({ name: 'w', hours: 4, opens, ...own }));
const graceEntry = fc.record({ own: scope, hours: fc.constantFrom(0, 1, 48) }).map(({ own, hours }) => ({ hours, ...own }));
const few = <Item>(item: fc.Arbitrary<Item>) => fc.array(item, { maxLength: 3 });
const maybe = <Item>(item: fc.Arbitrary<Item>) => fc.option(item, { nil: undefined });

const anyPolicy = fc
  .record({
    modes: fc.record({ default: fc.constantFrom('off', 'observe', 'ask', 'fix'), clauses: few(modeClause) }),
    exemptions: few(exemptionEntry),
    windows: few(windowEntry),
    freezes: few(freezeEntry),
    grace: few(graceEntry),
    limits: fc.record({ all: fc.constantFrom({}, { hour: 0 }, { hour: 3 }), beyond: fc.constantFrom('defer', 'ask') }),
    ownership: fc.record({ mode: fc.constantFrom('off', 'observe', 'ask', 'fix'), lastChange: fc.boolean() }),
  })
  .map((given) => policy.parse(given));

const word = { by: 'arn:aws:iam::111122223333:user/ann', at: '2026-11-24T10:00:00Z', why: 'w' };
const unknown = { unknown: 'AccessDenied' };
const used = fc.record({ hour: fc.integer({ min: 0, max: 5 }), day: fc.integer({ min: 0, max: 5 }) });

const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    given: anyPolicy,
    risk: fc.constantFrom('safe' as const, 'disruptive' as const),
    detectedBy: fc.constantFrom('S3.14', 's3-bucket-versioning-enabled'),
    tags: fc.constantFrom(
      { known: undefined },
      { known: { env: 'prod' } },
      { known: { 'aws:cloudformation:stack-name': 'shop' } },
      { known: { 'posture:exempt': 'all until 2026-11-01' } },
      unknown,
    ),
    ous: fc.constantFrom({ known: ['r-ab12'] }, unknown),
    workflow: fc.constantFrom({ known: 'NEW' }, { known: 'SUPPRESSED' }, unknown),
    lastChange: fc.constantFrom(
      { known: undefined },
      { known: { principal: word.by, userAgent: 'Terraform', event: 'e', at: 'a' } },
      unknown,
    ),
    stands: fc.record({
      stop: maybe(fc.constant(word)),
      open: maybe(fc.constant({ at: word.at, why: 'w' })),
      hold: maybe(fc.constantFrom({ ...word, until: '2026-12-01T00:00:00Z' }, { ...word, until: '2026-11-01T00:00:00Z' })),
      approval: maybe(
        fc.constantFrom(
          { ...word, hash: 'plan', expires: '2026-11-25T00:00:00Z' },
          { ...word, hash: 'other', expires: '2026-11-25T00:00:00Z' },
          { ...word, hash: 'plan', expires: '2026-11-01T00:00:00Z' },
        ),
      ),
      fixes: fc.constantFrom([], ['2026-11-23T00:00:00Z', '2026-11-23T01:00:00Z', '2026-11-23T02:00:00Z']),
      used: fc.record({ rule: used, account: used, all: used }),
    }),
    readable: fc.boolean(),
    changes: fc.array(fc.constantFrom(reversible, irreversible), { minLength: 1, maxLength: 3 }),
  })
  .map(({ given, risk, detectedBy, tags, ous, workflow, lastChange, stands, readable, changes }) => {
    const present = Object.fromEntries(Object.entries(stands).filter(([, value]) => value !== undefined));
    const facts = factsWith({ about: { detectedBy, tags, ous }, rule: { risk } });
    const record = readable ? { known: { ...recorded, ...present } } : unknown;
    return { ...facts, policy: given, workflow, lastChange, changes, recorded: record };
  });

/** What each fact that can be unknown could turn out to be. */
const alternatives = {
  tags: [undefined, {}, { env: 'prod' }, { env: 'dev' }, { 'posture:exempt': 'all' }, { 'aws:cloudformation:stack-name': 'shop' }],
  ous: [['r-ab12'], ['ou-ab12-devdevdev', 'r-ab12'], ['r-zz99']],
  workflow: [undefined, 'NEW', 'SUPPRESSED'],
  lastChange: [
    undefined,
    { principal: word.by, userAgent: 'Mozilla/5.0', event: 'e', at: 'a' },
    { principal: 'arn:aws:iam::111122223333:user/bob', userAgent: 'Terraform', event: 'e', at: 'a' },
  ],
  recorded: [recorded, { ...recorded, stop: word }, { ...recorded, open: { at: 'a', why: 'w' } }],
} as const;

const withFact = (facts: Facts, what: keyof typeof alternatives, fact: unknown): Facts =>
  what === 'tags' || what === 'ous' ? { ...facts, about: { ...facts.about, [what]: fact } } : { ...facts, [what]: fact };

/** Restrictions, each added to a policy: none of them may let more through. Where no mode is set for a case, even `ask` would. */
const restrictions: fc.Arbitrary<(given: Policy) => Policy> = fc.oneof(
  modeClause
    .filter(({ mode }) => mode === 'observe' || mode === 'off')
    .map((clause) => (given: Policy) => restrict(given, { modes: { ...given.modes, clauses: [...given.modes.clauses, clause] } })),
  modeClause.map(
    (clause) => (given: Policy) =>
      // One more clause for a case that has one already.
      restrict(given, { modes: { ...given.modes, clauses: [{ mode: given.modes.default }, ...given.modes.clauses, clause] } }),
  ),
  exemptionEntry.map((entry) => (given: Policy) => restrict(given, { exemptions: [...given.exemptions, entry] })),
  freezeEntry.map((entry) => (given: Policy) => restrict(given, { freezes: [...given.freezes, entry] })),
  graceEntry.map((entry) => (given: Policy) => restrict(given, { grace: [...given.grace, entry] })),
  fc.constant((given: Policy) => restrict(given, { limits: { ...given.limits, all: { hour: 0, day: 0 } } })),
  fc.constant((given: Policy) => restrict(given, { ownership: { ...given.ownership, mode: 'off', lastChange: true } })),
  fc.constant((given: Policy) => restrict(given, { approvals: { ...given.approvals, fourEyes: true } })),
  fc.constant((given: Policy) => restrict(given, { limits: { ...given.limits, rule: { hour: 0 } } })),
  fc.constant((given: Policy) => restrict(given, { limits: { ...given.limits, account: { day: 0 } } })),
  fc.constant((given: Policy) => restrict(given, { driftLoops: { fixes: 1, days: 90 } })),
  // Beside others, one window more lets more in; the first one does not.
  windowEntry.map((entry) => (given: Policy) => (given.windows.length > 0 ? given : restrict(given, { windows: [entry] }))),
);

/** What can come to be on record or be found, and restricts. */
const restrictingFacts: fc.Arbitrary<(facts: Facts) => Facts> = fc.constantFrom(
  (facts: Facts) => record(facts, { stop: word }),
  (facts: Facts) => record(facts, { open: { at: word.at, why: 'w' } }),
  (facts: Facts) => record(facts, { hold: { ...word, until: '2026-12-01T00:00:00Z' } }),
  (facts: Facts) => record(facts, { fixes: Array(3).fill('2026-11-24T01:00:00Z') }),
  (facts: Facts) => record(facts, { used: { rule: all(1e6), account: all(1e6), all: all(1e6) } }),
  (facts: Facts) => record(facts, { approval: undefined }),
  (facts: Facts) => ({ ...facts, workflow: { known: 'SUPPRESSED' } }),
  (facts: Facts) => ({ ...facts, changes: [irreversible, ...facts.changes] }),
);
const all = (count: number) => ({ hour: count, day: count });

function record(facts: Facts, more: { readonly [key in keyof typeof recorded]?: unknown } & Readonly<Record<string, unknown>>): Facts {
  if ('unknown' in facts.recorded) return facts;
  const present = Object.entries({ ...facts.recorded.known, ...more }).filter(([, value]) => value !== undefined);
  return { ...facts, recorded: { known: Object.fromEntries(present) as unknown as typeof recorded } };
}

const restrict = (given: Policy, over: object): Policy => policy.parse({ ...given, ...over });

/** The same policy with its default as a clause: then one clause more can only restrict. */
const withDefaultAsClause = (given: Policy): Policy =>
  restrict(given, { modes: { ...given.modes, clauses: [{ mode: given.modes.default }, ...given.modes.clauses] } });

const runs = { numRuns: 500 };

it('never becomes less restrictive by a restriction more', () => {
  fc.assert(
    fc.property(anyFacts, restrictions, (facts, add) => {
      const plain = { ...facts, policy: withDefaultAsClause(facts.policy) };
      const restricted = add(plain.policy);
      // A clause with `fix` that names a disruptive rule says that it is meant.
      const named = restricted.modes.clauses.length > plain.policy.modes.clauses.length && restricted.modes.clauses.at(-1)?.mode === 'fix';
      if (facts.about.rule.risk === 'disruptive' && named) return;
      expect(compareVerdicts(decide({ ...plain, policy: restricted }).verdict, decide(plain).verdict)).toBeGreaterThanOrEqual(0);
    }),
    runs,
  );
});

it('never becomes less restrictive by what comes to be on record, or is found', () => {
  fc.assert(
    fc.property(anyFacts, restrictingFacts, (facts, restrictedBy) => {
      expect(compareVerdicts(decide(restrictedBy(facts)).verdict, decide(facts).verdict)).toBeGreaterThanOrEqual(0);
    }),
    runs,
  );
});

it.each(Object.keys(alternatives) as (keyof typeof alternatives)[])(
  'fixes without knowing the %s only what it would fix whatever they were, approved or not',
  (what) => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...alternatives[what]), (facts, value) => {
        const blind = decide(withFact(facts, what, unknown));
        if (blind.verdict === 'fix') expect(decide(withFact(facts, what, { known: value })).verdict).toBe('fix');
      }),
      { numRuns: 600 },
    );
  },
);

it('never fixes by itself where a fact that counts can not be read', () => {
  fc.assert(
    fc.property(anyFacts, fc.constantFrom('tags', 'standing', 'workflow', 'lastChange' as const), (facts, what) => {
      const known = 'known' in facts.recorded ? { known: { ...facts.recorded.known, approval: undefined } } : facts.recorded;
      const { approval: _, ...standingWithout } = 'known' in known ? known.known : { approval: undefined };
      const blind = {
        ...facts,
        recorded: what === 'standing' || !('known' in known) ? unknown : { known: standingWithout as typeof recorded },
        ...(what === 'workflow' && { workflow: unknown }),
        ...(what === 'lastChange' && {
          lastChange: unknown,
          policy: restrict(facts.policy, { ownership: { ...facts.policy.ownership, mode: 'ask', lastChange: true } }),
        }),
        ...(what === 'tags' && { about: { ...facts.about, tags: unknown } }),
      };
      expect(decide(blind).verdict).not.toBe('fix');
    }),
    runs,
  );
});

it('never fixes by itself what can not be undone', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const decision = decide(facts);
      if (decision.verdict !== 'fix' || decision.approved) return;
      expect(decision.changes.every((change) => !('irreversible' in change))).toBe(true);
      expect([...decision.changes, ...decision.held]).toEqual(facts.changes);
    }),
    runs,
  );
});

it('always has a path that explains it, and a time at which it comes again', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const decision = decide(facts);
      expect(decision.decisive.answer).toBe(decision.verdict);
      if (decision.verdict !== 'fix') {
        expect(decision.clauseResults).toContain(decision.decisive);
        expect(decisionPath(decision).some((line) => line.endsWith(`-> ${decision.verdict}`))).toBe(true);
      }
      if (decision.verdict === 'defer') expect(decision.until?.getTime()).toBeGreaterThan(facts.now.getTime());
      expect(decision.clauseResults.every(({ answer }) => compareVerdicts(answer, decision.verdict) <= 0)).toBe(true);
    }),
    runs,
  );
});

it('is the same each time', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      expect(decide(facts)).toEqual(decide(facts));
    }),
    { numRuns: 100 },
  );
});
