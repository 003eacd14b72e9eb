import { certainMode } from '../../functions/decision/certain-mode';
import { mode as modeClause } from '../../functions/decision/clause/mode';
import type { Facts } from '../../functions/decision/facts';
import { type Mode, modes, policy } from '../../functions/policy/policy';
import type { Case } from '../../functions/policy/scope';
import * as fc from '../fast-check';

const about = {
  rule: { id: 's3-bucket-tls-required', risk: 'safe' as const, severity: 'medium' as const, controls: ['S3.5'] },
  detectedBy: 'S3.5',
  account: '111122223333',
  region: 'eu-west-1',
};
const modeOf = (set: object, resource?: string): Mode | undefined =>
  certainMode(policy.parse({ modes: set }), { ...about, ...(resource !== undefined && { resource }) });

it.each<[string, object, Mode | undefined]>([
  ['the default', { default: 'observe' }, 'observe'],
  ['a clause that matches', { default: 'observe', clauses: [{ mode: 'fix', rules: ['s3-*'] }] }, 'fix'],
  ['the most restrictive of these', { clauses: [{ mode: 'fix' }, { mode: 'off', accounts: [about.account] }, { mode: 'ask' }] }, 'off'],
  ['the default, if a clause is of another Region', { default: 'off', clauses: [{ mode: 'fix', regions: ['us-*'] }] }, 'off'],
  [
    'open, if a clause by tags could take the place of the default',
    { default: 'off', clauses: [{ mode: 'fix', tags: { env: 'dev' } }] },
    undefined,
  ],
  ['open, if a clause by resource could', { default: 'off', clauses: [{ mode: 'fix', resources: ['arn:aws:s3:::dev-*'] }] }, undefined],
  ['off, whatever the tags may say', { clauses: [{ mode: 'off' }, { mode: 'fix', tags: { env: 'dev' } }] }, 'off'],
  ['open, if tags could restrict more', { clauses: [{ mode: 'observe' }, { mode: 'off', tags: { env: 'dev' } }] }, undefined],
  ['certain, if tags could only permit more', { clauses: [{ mode: 'observe' }, { mode: 'fix', tags: { env: 'dev' } }] }, 'observe'],
  ['open, by organizational unit', { clauses: [{ mode: 'off', ous: ['r-ab12'] }] }, undefined],
])('it is %s', (_, set, expected) => expect(modeOf(set)).toBe(expected));

it('is certain by a clause of the resource, once that is known', () => {
  const set = { default: 'off', clauses: [{ mode: 'fix', resources: ['arn:aws:s3:::dev-*'] }] };
  expect([modeOf(set, 'arn:aws:s3:::dev-1'), modeOf(set, 'arn:aws:s3:::prod')]).toEqual(['fix', 'off']);
});

it('is what the decision comes to with all facts, whenever it is certain', () => {
  const clause = fc.record(
    {
      mode: fc.constantFrom(...modes),
      rules: fc.constantFrom(['s3-*'], ['ec2-*']),
      accounts: fc.constantFrom([about.account], ['444455556666']),
      resources: fc.constantFrom(['arn:aws:s3:::dev-*'], ['arn:aws:s3:::*']),
      tags: fc.constantFrom({ env: 'dev' }, { env: 'prod' }),
      ous: fc.constantFrom(['r-ab12'], ['r-cd34']),
    },
    { requiredKeys: ['mode'] },
  );
  const set = fc.record({ default: fc.constantFrom(...modes), clauses: fc.array(clause, { maxLength: 4 }) });
  const rest = fc.record({
    resource: fc.constantFrom('arn:aws:s3:::dev-1', 'arn:aws:s3:::prod'),
    env: fc.constantFrom('dev', 'prod', 'none'),
    ou: fc.constantFrom('r-ab12', 'r-zz99'),
  });
  const verdicts = { skip: 0, observe: 1, ask: 2, defer: 3, fix: 4 } as const;
  const seen = new Set<Mode | undefined>();
  fc.assert(
    fc.property(set, rest, fc.boolean(), (given, { resource, env, ou }, isKnown) => {
      const parsed = policy.parse({ modes: given });
      const certain = certainMode(parsed, { ...about, ...(isKnown && { resource }) });
      seen.add(certain);
      if (certain === undefined) return;
      const full: Case = { ...about, resource, tags: { known: { env } }, ous: { known: [ou] } };
      const answers = modeClause({ policy: parsed, about: full } as unknown as Facts).map(({ answer }) => answer);
      const [strictest] = answers.toSorted((one, other) => verdicts[one] - verdicts[other]);
      expect(strictest).toBe(certain === 'off' ? 'skip' : certain);
    }),
    { numRuns: 3000 },
  );
  expect([...seen].length).toBe(5);
});
