import { consequencesOf } from '../../functions/decision/consequences';
import { policy } from '../../functions/policy/policy';

const rule = (id: string, risk: 'safe' | 'disruptive' = 'safe') =>
  ({ id, risk, severity: 'medium', detectedBy: { securityHub: [], config: [] } }) as const;
const rules = [rule('s3-bucket-tls-required'), rule('s3-bucket-not-public', 'disruptive'), rule('kms-key-rotation-enabled')];
const alice = 'arn:aws:iam::111122223333:user/alice';
const sentences = (was: object, is: object) => consequencesOf(policy.parse(was), policy.parse(is), rules).sentences;

describe('the consequences of a policy', () => {
  it('name the rules that begin to fix or to ask, and those that stop', () => {
    expect(sentences({}, { modes: { default: 'fix' } })).toEqual([
      '2 rules, in all or some cases, begin to fix: s3-bucket-tls-required, kms-key-rotation-enabled.',
      '1 rule, in all or some cases, begin to ask: s3-bucket-not-public.',
      '3 rules, in all or some cases, stop only observing: s3-bucket-tls-required, s3-bucket-not-public, kms-key-rotation-enabled.',
    ]);
    const sandbox = { modes: { clauses: [{ mode: 'fix', rules: ['s3-*'], accounts: ['111122223333'] }] } };
    expect(sentences({}, sandbox)).toEqual([
      '2 rules, in all or some cases, begin to fix: s3-bucket-tls-required, s3-bucket-not-public.',
      'Accounts that clauses with the mode fix name, new: 111122223333.',
    ]);
    expect(sentences(sandbox, {})).toEqual([
      '2 rules, in all or some cases, stop fixing: s3-bucket-tls-required, s3-bucket-not-public.',
      'Accounts that clauses with the mode fix name, removed: 111122223333.',
    ]);
  });

  it('name the approvers that are gone, and say when none is left', () => {
    const approvals = { approvers: [{ principals: [alice], rules: ['s3-*'] }] };
    expect(sentences({ approvals }, {})).toEqual([
      `Approvers, removed: ${alice}.`,
      'Nobody can approve, roll back or resume any more: no approver is left.',
      'Changed sections: approvals.',
    ]);
    expect(sentences({ approvals }, { approvals: { approvers: [{ principals: [alice] }] } })).toEqual([
      'What the approvers may approve changes.',
      'Changed sections: approvals.',
    ]);
  });

  it('name what is never contained, and what may be from now on', () => {
    const never = (...entries: object[]) => ({ responses: { never: entries.map((one) => ({ reason: 'r', ...one })) } });
    const [bastion, shop] = [{ names: ['bastion', 'vpn-*'], accounts: ['111122223333'] }, { resources: ['arn:aws:s3:::shop'] }];
    expect(sentences({}, never(bastion))).toEqual([
      'Never contained, new: named bastion or vpn-* in account 111122223333.',
      'Changed sections: responses.',
    ]);
    expect(sentences(never(bastion, shop), never(bastion))).toEqual([
      'Never contained, removed: arn:aws:s3:::shop.',
      'Changed sections: responses.',
    ]);
  });

  it('name limits, entries that hold changes up, and the sections that nothing else is about', () => {
    const exemptions = [{ reason: 'r', owner: 'o', expires: '2199-01-31' }];
    expect(
      sentences({ limits: { rule: { hour: 5 } }, exemptions }, { limits: { rule: { hour: 50 }, all: {} }, driftLoops: { fixes: 9 } }),
    ).toEqual([
      'Limit for each rule per hour: 5 → 50.',
      'Limit for all per hour: 100 → none.',
      'Removed exemptions: 1.',
      'Changed sections: driftLoops.',
    ]);
  });

  it('are none where nothing changes, and all that the first policy does', () => {
    expect(sentences({}, {})).toEqual([]);
    expect(consequencesOf(undefined, policy.parse({}), rules)).toMatchObject({
      rules: [{ does: 'begin', mode: 'observe', rules: { length: 3 } }],
    });
  });
});
