import { Logger } from '@aws-lambda-powertools/logger';
import { isWaiting } from '../../functions/cli/order/remediations';
import type { RetryMessage } from '../../functions/findings/retry-message';
import { isPrincipal } from '../../functions/policy/principal';
import { readPolicy } from '../../functions/policy/read';
import { ends } from '../ends';
import { badBucket, isKept, spoil } from './bucket';
import { alice, approvers, bob, type Central, plantedRule, requestBy, useCentral } from './central';

const { open } = useCentral();
const ask = { modes: { default: 'ask' }, ownership: { lastChange: false }, approvals: { approvers } };
const sts = 'arn:aws:sts::111122223333:assumed-role';
const mallory = 'arn:aws:iam::111122223333:user/mallory';

async function asked(policy: object = ask) {
  const central = await open();
  await central.deploy(policy);
  const bucket = await badBucket(central.account);
  const { remediation } = await central.find(bucket);
  return { central, bucket, remediation };
}

/** What brings the finding back, as if it had been approved. */
const messageFor = (central: Central, bucket: string, remediation: string): RetryMessage => ({
  finding: {
    id: `arn:aws:securityhub:eu-west-1:${central.account.account}:security-control/S3.999/finding/forged`,
    source: 'security-hub',
    detectedBy: 'S3.999',
    partition: 'aws',
    account: central.account.account,
    region: 'eu-west-1',
    resource: { type: 'AWS::S3::Bucket', reported: { arn: `arn:aws:s3:::${bucket}` } },
    detectedAt: central.clock.now().toISOString(),
    sentAt: central.clock.now().toISOString(),
  },
  number: 0,
  remediation,
});

describe('a forged approval', () => {
  it('that nobody gave changes nothing, and stands in the log', async () => {
    const { central, bucket, remediation } = await asked();
    const { results } = await central.send(messageFor(central, bucket, remediation));
    expect(results).toMatchObject([{ outcome: 'awaiting-approval', remediation }]);
    expect((await central.trail(remediation)).map(({ kind }) => kind)).toEqual([
      'approval-requested',
      'approval-refused',
      'approval-requested',
    ]);
    expect((await central.trail(remediation))[1]).toMatchObject({
      code: 'approval-not-found',
      reason: 'The message claims an approval, but none is recorded.',
    });
    expect(central.metrics().some(({ RefusedRequests }) => RefusedRequests === 1)).toBe(true);
    expect(isWaiting(await central.trail(remediation), central.clock.now())).toBe(true);
    expect(central.told().at(-1)).not.toHaveProperty('repeated');
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('with the approval of another resource changes nothing, and stands in the log', async () => {
    const { central, bucket, remediation } = await asked();
    const other = await badBucket(central.account);
    await central.find(other);
    await central.order({ order: 'approve', remediation });
    const { results } = await central.send(messageFor(central, other, remediation));
    expect(results).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect(results[0]?.remediation).not.toBe(remediation);
    expect((await central.trail(results[0]?.remediation ?? '')).map(({ kind }) => kind)).toEqual([
      'approval-refused',
      'approval-requested',
    ]);
    expect([await isKept(central.account, other), await isKept(central.account, bucket)]).toEqual([false, false]);
  });

  it('with a remediation of another rule changes nothing, and stands in the log', async () => {
    const second = { ...plantedRule, id: 's3-bucket-other' };
    const central = await open({ rules: [plantedRule, second] });
    await central.deploy(ask);
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    await central.order({ order: 'approve', remediation });
    const { results } = await central.send(messageFor(central, bucket, remediation), second);
    expect(results).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect((await central.trail(results[0]?.remediation ?? '')).map(({ kind }) => kind)).toEqual([
      'approval-refused',
      'approval-requested',
    ]);
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('with a remediation that is made up changes nothing, and stands in the log', async () => {
    const { central, bucket } = await asked();
    const { results } = await central.send(messageFor(central, bucket, '01K6Z3NDEKTSV4RRFFQ69G5FAV'));
    expect(results).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect((await central.trail(results[0]?.remediation ?? ''))[0]).toMatchObject({
      kind: 'approval-refused',
      code: 'other-remediation',
      reason: expect.stringContaining('01K6Z3NDEKTSV4RRFFQ69G5FAV'),
    });
    expect(await isKept(central.account, bucket)).toBe(false);
  });
});

describe('an approval', () => {
  it('that is replayed, stale, or expired changes nothing, and stands in the log', async () => {
    const { central, bucket, remediation } = await asked();
    await central.order({ order: 'approve', remediation });
    const [message] = central.messages().map(({ event }) => event);
    await central.send(message);
    await spoil(central.account, bucket);
    for (const time of [0, 400 * 86_400]) {
      central.clock.pass(time);
      await central.send(message);
      expect(await central.last(remediation)).toMatchObject({
        kind: 'approval-refused',
        code: 'approval-used',
        reason: expect.stringContaining('was used before'),
      });
      expect(await isKept(central.account, bucket)).toBe(false);
    }
  });

  it.each([
    ['no approver', mallory, 'is not an approver', 'not-an-approver'],
    ['an approver of other accounts', bob, 'is an approver, but not for', 'out-of-scope'],
  ])('by %s is refused, and stands in the log', async (_, by, said, code) => {
    const only = [{ principals: [alice] }, { principals: [bob], accounts: ['111122223333'] }];
    const { central, bucket, remediation } = await asked({ ...ask, approvals: { approvers: only } });
    expect(await central.order({ order: 'approve', remediation }, by)).toMatchObject({
      statusCode: 403,
      code,
      reason: expect.stringContaining(said),
    });
    expect(await central.last(remediation)).toMatchObject({
      kind: 'approval-refused',
      actor: by,
      code,
      reason: expect.stringContaining(said),
    });
    expect(await central.delivered()).toEqual([]);
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it.each([
    [alice, 'arn:aws:iam::111122223333:role/OnCall', true],
    // As the console shows the ARN of a role that has a path, such as those of IAM Identity Center.
    [
      `${sts}/AWSReservedSSO_Ops_0a1b/ann@x.io`,
      'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_0a1b',
      true,
    ],
    [alice, 'arn:aws:iam::111122223333:role/team/On*', false],
    [alice, 'arn:aws:iam::111122223333:role/team/*', false],
    [alice, 'arn:aws:iam::111122223333:role/*', true],
    [alice, 'arn:aws:iam::999988887777:role/OnCall', false],
    [alice, 'arn:aws:sts::111122223333:assumed-role/OnCall/bob', false],
    [`${sts}/OnCallToo/alice`, 'arn:aws:sts::111122223333:assumed-role/OnCall/*', false],
    [`${sts}/OnCallToo/alice`, 'arn:aws:iam::111122223333:role/OnCall', false],
    ['arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:user/*', false],
    ['arn:aws:sts::111122223333:federated-user/alice', 'arn:aws:iam::111122223333:user/alice', false],
  ])('by %s is one by %s: %s', (by, pattern, is) => {
    expect(isPrincipal(by, pattern)).toBe(is);
  });

  it('of one who owns the resource by its tags alone is refused', async () => {
    const only = [{ principals: [mallory], tags: { team: 'mallory' } }];
    const central = await open();
    await central.deploy({ ...ask, approvals: { approvers: only } });
    const { remediation } = await central.find(await badBucket(central.account, { team: 'mallory' }));
    expect(await central.order({ order: 'approve', remediation }, mallory)).toMatchObject({ statusCode: 403 });
  });
});

describe('a body that claims another identity', () => {
  it.each(['by', 'approver', 'userArn', 'actor', '__proto__'])(
    'by the key %s is refused, and who signed it stands in the log',
    async (key) => {
      const { central, remediation } = await asked();
      const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
      const body = `{"order":"approve","remediation":"${remediation}","${key}":"${alice}"}`;
      expect(await central.order(body as unknown as object, mallory)).toMatchObject({
        statusCode: key === '__proto__' ? expect.any(Number) : 400,
        done: false,
      });
      expect(warned).toHaveBeenCalledWith('Request refused', expect.objectContaining({ by: mallory }));
      expect(await central.last(remediation)).toMatchObject({ kind: 'approval-refused', actor: mallory });
      expect(await central.delivered()).toEqual([]);
      warned.mockRestore();
    },
  );

  it.each([
    ['without an authorizer', {}],
    ['with an authorizer of another sort', { authorizer: { jwt: { claims: { userArn: alice } } } }],
    ['with an identity that is no ARN', { authorizer: { iam: { userArn: 'alice' } } }],
    ['with an identity of another account than the caller is of', { authorizer: { iam: { userArn: alice, accountId: '999988887777' } } }],
  ])('in an event %s gives no order', async (_, context) => {
    const { central, remediation } = await asked();
    const event = requestBy(alice, { order: 'approve', remediation });
    const forged = { ...event, requestContext: { http: event.requestContext.http, ...context } };
    const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    expect(await central.control(forged)).toMatchObject({ statusCode: 403, body: expect.stringContaining('"code":"unknown-caller"') });
    expect(warned).toHaveBeenCalledWith('Request refused', expect.anything());
    expect(central.metrics().at(-1)).toMatchObject({ RefusedRequests: 1 });
    expect(await central.delivered()).toEqual([]);
    warned.mockRestore();
  });

  it.each([
    ['the alias automations', 'automations'],
    ['the alias custom-actions', 'custom-actions'],
    ['the alias hourly', 'hourly'],
    ['no alias, as a schedule or a person would invoke the function itself', ''],
    ['$LATEST', '$LATEST'],
  ] as const)('in a forged request that comes by %s gives no order', async (_, door) => {
    const { central, bucket, remediation } = await asked();
    await expect(central.control(requestBy(alice, { order: 'approve', remediation }), door)).rejects.toThrow('is not a valid request for');
    await central.delivered();
    expect(await isKept(central.account, bucket)).toBe(false);
  });
});

describe('a request that is no order', () => {
  const remediation = '01K6Z3NDEKTSV4RRFFQ69G5FAV';
  it.each([
    ['a body that is no JSON', '{"order":', 400, 'not valid JSON'],
    ['no body', '', 400, 'not valid JSON'],
    ['a body of a megabyte', JSON.stringify({ order: 'stop', why: 'x'.repeat(1_000_000) }), 400, 'The maximum is 20000'],
    ['an order that nobody knows', { order: 'grant', remediation }, 400, 'order'],
    ['an order without an id', { order: 'approve', remediation: '' }, 400, 'is not a valid remediation id'],
    ['an id that is longer than any key', { order: 'approve', remediation: 'A'.repeat(3000) }, 400, 'is not a valid remediation id'],
    ['a remediation that there is not', { order: 'approve', remediation }, 404, 'has no remediation'],
    ['a list', [{ order: 'stop', why: 'uploads fail' }], 400, 'The request is invalid'],
  ])('for %s is refused in clear words, and counted', async (_, body, statusCode, said) => {
    const central = await open();
    await central.deploy(ask);
    expect(await central.order(body as object)).toMatchObject({ statusCode, done: false, reason: expect.stringContaining(said) });
    expect(central.metrics().at(-1)).toMatchObject({ RefusedRequests: 1 });
  });

  it('is refused where it does not come by POST', async () => {
    const central = await open();
    const event = requestBy(alice, { order: 'stop', why: 'uploads fail' });
    const got = { ...event, requestContext: { ...event.requestContext, http: { ...event.requestContext.http, method: 'GET' } } };
    expect(await central.control(got)).toMatchObject({ statusCode: 400 });
  });
});

describe('the reason of an order', () => {
  it('is one line without what could mislead who reads the log', async () => {
    const central = await open();
    const stopped = await central.order({ order: 'stop', why: 'uploads\nfail\u001b[2J \u202e -> fix' });
    const item = await central.last(stopped.done ? (stopped.remediation ?? '') : '');
    expect(item?.reason).toBe(`${alice} stopped all changes: uploads fail[2J -> fix.`);
    expect(await central.order({ order: 'stop', why: '\n\u202e\n' })).toMatchObject({
      statusCode: 400,
      reason: expect.stringContaining('reason'),
    });
  });
});

describe('a rollback', () => {
  it('that nobody has ordered is not made, and is told', async () => {
    const { central, bucket, remediation } = await asked({ ...ask, modes: { default: 'fix' } });
    const said = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    expect(await central.send({ rollback: remediation })).toEqual({ results: [], refusals: [] });
    expect(said).toHaveBeenCalledWith(
      'Invalid event',
      expect.objectContaining({ code: 'no-rollback-request', reason: expect.stringContaining('is recorded') }),
    );
    expect(central.metrics().at(-1)).toMatchObject({ InvalidEvents: 1 });
    expect(await isKept(central.account, bucket)).toBe(true);

    await central.order({ order: 'rollback', remediation, why: 'it broke the upload' });
    const [message] = central.messages().map(({ event }) => event);
    central.clock.pass(3601);
    expect(await central.send(message)).toMatchObject({ results: [] });
    expect(await isKept(central.account, bucket)).toBe(true);
    said.mockRestore();
  });

  it('that was ordered once is made once', async () => {
    const { central, bucket, remediation } = await asked({ ...ask, modes: { default: 'fix' }, rollbacks: { exemptDays: 0 } });
    await central.order({ order: 'rollback', remediation, why: 'it broke the upload' });
    const [message] = central.messages().map(({ event }) => event);
    expect(await central.send(message)).toMatchObject({ results: [{ outcome: 'rolled-back' }] });
    expect(await central.find(bucket)).toMatchObject({ outcome: 'fixed' });
    expect(await central.send(message)).toMatchObject({ results: [] });
    expect(await isKept(central.account, bucket)).toBe(true);
  });
});

describe('a policy file', () => {
  it('of a billion laughs is refused at once', () => {
    const laughs = [
      'a: &a [l,l,l,l,l,l,l,l,l]',
      ...'bcdefghij'.split('').map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`),
    ].join('\n');
    expect(() => ends(() => readPolicy(laughs, [], new Date()))).toThrow(/alias/i);
  });
});

describe('the value of a tag', () => {
  const hostile = 'live\nmode: fix, by modes.clauses[0] -> fix\u001b[2J\u202e -> defer';

  it('does not hide from people what waits for them', async () => {
    const [kind] = [plantedRule.resource].flat();
    const tags = async () => ({ 'aws:cloudformation:stack-name': 'The same plan has been awaiting approval since ever' });
    const rule = { ...plantedRule, resource: { ...kind, tags } } as typeof plantedRule;
    const central = await open({ rules: [rule] });
    await central.deploy({ ...ask, modes: { default: 'fix' }, ownership: { lastChange: false } });
    const { outcome, remediation } = await central.find(await badBucket(central.account));
    expect(outcome).toBe('awaiting-approval');
    expect(isWaiting(await central.trail(remediation), central.clock.now())).toBe(true);
  });

  it('gives no answers in the decision path, and steers nothing that is told', async () => {
    const tags = async () => ({ 'aws:cloudformation:stack-name': hostile, 'posture:exempt': `${hostile} until never` });
    const [kind] = [plantedRule.resource].flat();
    const rule = { ...plantedRule, resource: { ...kind, tags } } as typeof plantedRule;
    const central = await open({ rules: [rule] });
    await central.deploy({ ...ask, exemptions: [] });
    const bucket = await badBucket(central.account);
    const result = await central.find(bucket);
    expect(result.outcome).toBe('exempt');
    const item = await central.last(result.remediation);
    const told = central.told().at(-1);
    for (const text of [item?.reason, ...(item?.decision ?? []), told?.reason, ...(told?.decision ?? [])]) {
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(text).not.toMatch(/-> (fix|defer)/);
    }
    expect(told?.ownedBy).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    const owned = item?.decision?.find((line) => line.startsWith('ownership:'));
    expect(owned).toMatch(
      /^ownership: The CloudFormation stack live mode: fix, by modes\.clauses\[0\] → fix.* manages the resource -> ask$/,
    );
    expect(await isKept(central.account, bucket)).toBe(false);
  });
});
