import { countModes, modesOfRule } from '../../functions/decision/rule-modes';
import { type Policy, policy } from '../../functions/policy/policy';

const safe = {
  id: 's3-bucket-tls-required',
  risk: 'safe',
  severity: 'medium',
  detectedBy: { securityHub: ['S3.5'], config: [] },
} as const;
const disruptive = { ...safe, id: 's3-bucket-not-public', risk: 'disruptive' } as const;
const withModes = (modes: object): Policy => policy.parse({ modes });

describe('the modes that a policy can give to a rule', () => {
  it.each([
    ['the default', safe, { default: 'observe' }, ['observe']],
    ['a clause that names it', safe, { clauses: [{ mode: 'fix', rules: ['s3-*'] }] }, ['fix']],
    [
      'the strictest of several',
      safe,
      {
        clauses: [
          { mode: 'fix', rules: ['s3-*'] },
          { mode: 'off', severities: ['medium'] },
        ],
      },
      ['off'],
    ],
    ['none of a clause for others', safe, { default: 'ask', clauses: [{ mode: 'fix', rules: ['kms-*'] }] }, ['ask']],
    ['both where it depends on the account', safe, { clauses: [{ mode: 'fix', accounts: ['111122223333'] }] }, ['observe', 'fix']],
    ['both where it depends on the control', safe, { clauses: [{ mode: 'ask', controls: ['S3.5'] }] }, ['observe', 'ask']],
    [
      'nothing laxer than what applies in any case',
      safe,
      {
        clauses: [
          { mode: 'ask', rules: ['s3-*'] },
          { mode: 'fix', regions: ['eu-*'] },
          { mode: 'off', tags: { env: 'prod' } },
        ],
      },
      ['off', 'ask'],
    ],
    ['ask, as it is disruptive and nothing names it', disruptive, { default: 'fix' }, ['ask']],
    ['fix, as a clause names it', disruptive, { clauses: [{ mode: 'fix', risks: ['disruptive'] }] }, ['fix']],
    [
      'ask or fix, as only in an account a clause names it',
      disruptive,
      { default: 'fix', clauses: [{ mode: 'fix', rules: ['s3-*'], accounts: ['111122223333'] }] },
      ['ask', 'fix'],
    ],
  ] as const)('are %s', (_, rule, modes, expected) => {
    expect(modesOfRule(rule, withModes(modes))).toEqual(expected);
  });

  it('are those of responses for a response', () => {
    const response = { ...disruptive, response: true } as const;
    expect(modesOfRule(response, withModes({ default: 'off' }))).toEqual(['ask']);
  });

  it('are counted, those that depend on the finding apart', () => {
    const some = withModes({
      clauses: [
        { mode: 'fix', rules: [safe.id] },
        { mode: 'fix', rules: [disruptive.id], accounts: ['111122223333'] },
      ],
    });
    expect(countModes([safe, disruptive, { ...safe, id: 'kms-key' }], some)).toEqual({ off: 0, observe: 1, ask: 0, fix: 1, depends: 1 });
  });
});
