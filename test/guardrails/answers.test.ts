import type { Reply } from '../../functions/control/reply';
import type { Rule } from '../../rules/rule';
import { badBucket, isKept } from './bucket';
import { bob, type Central, plantedRule, useCentral } from './central';

const { open } = useCentral();
const ada = 'arn:aws:iam::111122223333:user/ada';
const ben = 'arn:aws:iam::111122223333:user/ben';
const tracker = { vendor: 'github', url: 'https://api.github.com', project: 'acme/security', secret: 'posture/github' };
const slack = { workspace: 'T012AB3CD', channel: 'C012AB3CD', secret: 'posture/slack' };
const operators = [
  { person: ada, user: '583231', slack: 'U012AB3CD' },
  { person: ben, user: '99' },
];
const policy = (over: object = {}, approvals: object = {}) => ({
  modes: { default: 'ask' },
  ownership: { lastChange: false },
  approvals: { approvers: [{ principals: [ada] }], ...approvals },
  tickets: { tracker, slack, answers: { secret: 'posture/answers', operators }, ...over },
});

async function asking(given: object = policy(), rules?: readonly Rule[]) {
  const central = await open(rules ? { rules } : undefined);
  await central.deploy(given);
  const bucket = await badBucket(central.account);
  const { remediation } = await central.find(bucket);
  const plan = central.told().find(({ approval }) => approval !== undefined)?.approval?.hash ?? '?';
  return { central, bucket, remediation, plan };
}

const answer = async (central: Central, over: object, qualifier: Parameters<Central['control']>[1] = 'answers') => {
  const replies = (await central.control(
    { answer: { by: 'github:583231', where: '#7', order: 'approve', ...over } },
    qualifier,
  )) as readonly Reply[];
  return replies[0] as Reply;
};

describe('an answer in a ticket or in Slack', () => {
  it.each(['github:583231', 'slack:T012AB3CD/U012AB3CD'])(
    'of %s approves as the person of the policy, and the log says who and where',
    async (by) => {
      const { central, bucket, remediation, plan } = await asking();
      expect(await answer(central, { by, remediation, plan: plan.slice(0, 16), why: 'as agreed' })).toMatchObject({ done: true });
      expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
      expect(await isKept(central.account, bucket)).toBe(true);
      expect((await central.trail(remediation)).find(({ kind }) => kind === 'approved')).toMatchObject({
        actor: by,
        plan,
        reason: `${by} approved the plan: as agreed, answered in #7.`,
      });
    },
  );

  it('rejects the plan that it names, and no other', async () => {
    const { central, remediation, plan } = await asking();
    const order = { order: 'reject', remediation, why: 'a website' };
    expect(await answer(central, { ...order, plan: 'b'.repeat(16) })).toMatchObject({ done: false, code: 'plan-changed' });
    expect(await answer(central, { ...order, plan })).toMatchObject({ done: true });
    expect((await central.trail(remediation)).at(-1)).toMatchObject({
      kind: 'rejected',
      actor: 'github:583231',
      reason: expect.stringContaining('a website, answered in #7'),
    });
  });

  it.each([
    ['a user whom the policy does not name', { by: 'github:1' }, 'not-an-approver', {}],
    ['the same number in another tracker', { by: 'servicenow:583231' }, 'not-an-approver', {}],
    ['a member of another workspace', { by: 'slack:T999/U012AB3CD' }, 'not-an-approver', {}],
    ['a person who is no approver', { by: 'github:99' }, 'not-an-approver', {}],
    ['an approver of other rules', {}, 'out-of-scope', policy({}, { approvers: [{ principals: [ada], rules: ['iam-*'] }] })],
    ['anybody where no answer is received', {}, 'not-an-approver', policy({ answers: undefined })],
    [
      'a user who stands for two people',
      {},
      'not-an-approver',
      policy({ answers: { secret: 's', operators: [...operators, { person: ben, user: '583231' }] } }),
    ],
    ['an approver, for another plan', { plan: 'b'.repeat(16) }, 'plan-changed', {}],
  ])('by %s approves nothing, and is in the log', async (_, over, code, given) => {
    const { central, bucket, remediation, plan } = await asking(Object.keys(given).length > 0 ? given : policy());
    expect(await answer(central, { remediation, plan, ...over })).toMatchObject({ done: false, code });
    expect(await central.delivered()).toEqual([]);
    expect(await isKept(central.account, bucket)).toBe(false);
    const last = await central.last(remediation);
    expect(last).toMatchObject({ kind: 'approval-refused', code, actor: 'by' in over ? over.by : 'github:583231' });
  });

  it('of the person who requested the fix does not count, nor one of whom nobody knows whether it is that person', async () => {
    const { central } = await asking(policy({}, { approvers: [{ principals: [ada, bob] }] }));
    for (const [by, code] of [
      [ada, 'own-request'],
      [bob, 'person-unknown'],
    ] as const) {
      const bucket = await badBucket(central.account);
      const order = { order: 'fix', rule: plantedRule.id, resource: `arn:aws:s3:::${bucket}`, why: 'for the audit' };
      expect(await central.order(order, by)).toMatchObject({ done: true });
      const [result] = await central.delivered();
      const plan = central.told().findLast(({ approval }) => approval !== undefined)?.approval?.hash;
      expect(await answer(central, { remediation: result?.remediation, plan })).toMatchObject({ done: false, code });
    }
  });

  it('never approves a response to a threat, and no more does a role that a channel shares', async () => {
    const response = { ...plantedRule, response: true } as Rule;
    const shared = 'arn:aws:iam::111122223333:role/OnCall';
    const approvals = { approvers: [{ principals: [ada, shared] }], channelRoles: [shared], fourEyes: false };
    const { central, bucket, remediation, plan } = await asking({ ...policy({}, approvals), responses: { default: 'ask' } }, [response]);
    expect(await answer(central, { remediation, plan })).toMatchObject({ done: false, code: 'not-by-answer' });
    expect(await central.order({ order: 'approve', remediation, plan }, bob)).toMatchObject({ done: false, code: 'not-by-answer' });
    expect(await central.order({ order: 'approve', remediation, plan }, ada)).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
    expect(await isKept(central.account, bucket)).toBe(true);
  });

  it('counts no more when the policy does not name the user any more, before the plan is carried out', async () => {
    const { central, bucket, remediation, plan } = await asking();
    expect(await answer(central, { remediation, plan })).toMatchObject({ done: true });
    const messages = central.messages();
    await central.deploy(policy({ answers: undefined }));
    for (const { event } of messages) await central.send(event);
    expect(await isKept(central.account, bucket)).toBe(false);
  });
});

describe('the channel for answers', () => {
  it.each([
    ['a stop', { answer: { by: 'github:583231', where: '#7', order: 'stop', why: 'to see' } }],
    ['a rollback', { answer: { by: 'github:583231', where: '#7', order: 'rollback', remediation: 'x', plan: 'a'.repeat(16) } }],
    ['an approval without a plan', { answer: { by: 'github:583231', where: '#7', order: 'approve', remediation: 'x' } }],
    ['an approval by an ARN', { answer: { by: ada, where: '#7', order: 'approve', remediation: 'x', plan: 'a'.repeat(16) } }],
    [
      'a further key',
      { answer: { by: 'github:583231', where: '#7', order: 'approve', remediation: 'x', plan: 'a'.repeat(16), actor: ada } },
    ],
    ['a signed request', { version: '2.0', requestContext: { http: { method: 'POST' } }, body: '{"order":"resume","why":"to see"}' }],
  ])('accepts no %s', async (_, event) => {
    const central = await open();
    await central.deploy(policy());
    await expect(central.control(event, 'answers')).rejects.toThrow('not a valid request');
  });

  it.each(['url', 'automations', 'custom-actions', 'hourly', 'policy'] as const)(
    'is the only one that accepts an answer: not %s',
    async (channel) => {
      const central = await open();
      await central.deploy(policy());
      const event = { answer: { by: 'github:583231', where: '#7', order: 'approve', remediation: 'x', plan: 'a'.repeat(16) } };
      await expect(central.control(event, channel)).rejects.toThrow();
    },
  );
});
