import { stringify } from 'yaml';
import { busStatements } from '../../functions/policy/bus-policy';
import { PolicyError } from '../../functions/policy/problem';
import { readPolicy } from '../../functions/policy/read';
import { beyondRequester, isOfRequester } from '../../functions/policy/requester';
import { knownRules } from './known-rules';

const siem = { principals: ['arn:aws:iam::444455556666:role/Siem'], rules: ['s3-*'] };
const read = (content: object) => readPolicy(stringify(content), knownRules, new Date('2026-11-24T12:00:00Z'));
const problemsOf = (content: object): readonly string[] => {
  try {
    read(content);
  } catch (error) {
    if (error instanceof PolicyError) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
};

describe('a requester', () => {
  it('can only ask, for any account and resource, unless the policy says otherwise', () => {
    expect(read({ requesters: { siem } }).policy.requesters).toEqual({ siem: { ...siem, mode: 'ask' } });
  });

  it.each([
    ['Siem', 'is not a valid name of a requester'],
    ['si_em', 'is not a valid name of a requester'],
    ['-siem', 'is not a valid name of a requester'],
    ['x'.repeat(41), 'is not a valid name of a requester'],
  ])('is not named %s', (name, problem) => {
    const problems = problemsOf({ requesters: { [name]: siem } });
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ['everybody', '*'],
    ['a pattern', 'arn:aws:iam::444455556666:role/*'],
    ['any account', 'arn:aws:iam::*:root'],
    ['an account id', '444455556666'],
    ['a session', 'arn:aws:sts::444455556666:assumed-role/Siem/x'],
    ['a service', 'events.amazonaws.com'],
  ])('is not %s', (_, principal) => {
    expect(problemsOf({ requesters: { siem: { ...siem, principals: [principal] } } })).toEqual([
      expect.stringMatching(/^requesters\.siem\.principals\[0\]: .* is not a valid ARN of an IAM role, IAM user or account/),
    ]);
  });

  it.each([
    ['principals', { rules: ['s3-*'] }, 'requesters.siem.principals: this key is required'],
    ['rules', { principals: siem.principals }, 'requesters.siem.rules: this key is required'],
    ['a rule that exists', { ...siem, rules: ['s3-bucket-burnt'] }, 'requesters.siem.rules[0]: the rule "s3-bucket-burnt" does not exist'],
    ['a resource that can be', { ...siem, resources: ['reports'] }, 'requesters.siem.resources[0]: "reports" matches no ARN'],
    ['a mode of its own', { ...siem, mode: 'observe' }, 'requesters.siem.mode: "observe" is not a valid value'],
    ['no other key', { ...siem, tags: {} }, 'requesters.siem.tags: "tags" is not a valid key'],
  ])('needs %s', (_, entry, problem) => {
    expect(problemsOf({ requesters: { siem: entry } })).toEqual([expect.stringContaining(problem)]);
  });

  it('has statements in the policy of the bus that no other has, with ids that IAM takes', () => {
    const names = ['a1', 'a-1', 'a-1-b', 'a-dash', 'adash', 'a1b'];
    const { policy } = read({ requesters: Object.fromEntries(names.map((name) => [name, siem])) });
    const ids = busStatements(policy, 'arn:aws:events:eu-west-1:111122223333:event-bus/posture-requests').map(({ Sid }) => Sid);
    expect(new Set(ids).size).toBe(2 * names.length + 3);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]+$/);
  });

  it('is one of so many that the policy of their bus can bind', () => {
    const many = (count: number) => ({
      requesters: Object.fromEntries(Array.from({ length: count }, (_, index) => [`tool-${index}`, siem])),
    });
    expect(problemsOf(many(9))).toEqual([]);
    expect(problemsOf(many(30))).toEqual([expect.stringMatching(/^requesters: the policy of the bus .* EventBridge allows 10240/)]);
  });

  it('is warned of where it is a whole account, and where it approves', () => {
    const approver = 'arn:aws:sts::444455556666:assumed-role/Siem/x';
    const edr = { ...siem, principals: ['arn:aws:iam::777788889999:root'] };
    const { warnings } = read({ requesters: { siem, edr }, approvals: { approvers: [{ principals: [approver] }], fourEyes: false } });
    expect(warnings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      `approvals.approvers[0].principals[0]: ${approver} can't approve what siem requests, because it is one of its principals.`,
      expect.stringMatching(/^requesters\.edr\.principals\[0\]: .* lets everybody in that account request as edr/),
    ]);
  });
});

describe('what a requester may ask for', () => {
  const { policy } = read({ requesters: { siem: { ...siem, accounts: ['111122223333'], resources: ['arn:aws:s3:::team-*'] } } });
  const asked = { requester: 'siem', rule: 's3-bucket-tls-required', account: '111122223333', resource: 'arn:aws:s3:::team-a' };

  it.each([
    ['all that it names', {}, undefined],
    ['another rule', { rule: 'ec2-x-y' }, 'rules'],
    ['another account', { account: '444455556666' }, 'accounts'],
    ['another resource', { resource: 'arn:aws:s3:::payroll' }, 'resources'],
    ['another name', { requester: 'edr' }, 'requester "edr"'],
    ['a property of all objects', { requester: 'constructor' }, 'requester "constructor"'],
    ['another case', { requester: 'SIEM' }, 'requester "SIEM"'],
  ])('is %s', (_, more, what) => {
    const beyond = beyondRequester(policy, { ...asked, ...more });
    if (what === undefined) expect(beyond).toBeUndefined();
    else expect(beyond?.reason).toContain(what);
  });
});

describe('who is of a requester', () => {
  const role = 'arn:aws:iam::444455556666:role/tools/Siem';
  it.each([
    ['a session of its role', 'arn:aws:sts::444455556666:assumed-role/Siem/i-1', [role], true],
    ['its role', role, [role], true],
    ['a session of a role with a longer name', 'arn:aws:sts::444455556666:assumed-role/Siem2/i-1', [role], false],
    ['a session of such a role in another account', 'arn:aws:sts::111122223333:assumed-role/Siem/i-1', [role], false],
    ['its user', 'arn:aws:iam::444455556666:user/siem', ['arn:aws:iam::444455556666:user/siem'], true],
    ['another user', 'arn:aws:iam::444455556666:user/siem2', ['arn:aws:iam::444455556666:user/siem'], false],
    ['anybody of its account', 'arn:aws:sts::444455556666:assumed-role/Any/x', ['arn:aws:iam::444455556666:root'], true],
    ['its root user', 'arn:aws:iam::444455556666:root', ['arn:aws:iam::444455556666:root'], true],
    ['anybody of another account', 'arn:aws:sts::111122223333:assumed-role/Any/x', ['arn:aws:iam::444455556666:root'], false],
    ['nobody that IAM names', 'security-hub-custom-action', ['arn:aws:iam::444455556666:root'], false],
  ])('%s', (_, by, principals, is) => {
    expect(isOfRequester(by, { principals })).toBe(is);
  });
});
