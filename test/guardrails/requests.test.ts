import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { keys } from '../../functions/coordination/keys';
import { queryLog } from '../../functions/log/query';
import { requestsHandler } from '../../functions/requests/handler';
import { readMessage } from '../../functions/sources/read-message';
import { type RequestOptions, remediationRequested } from '../events/request';
import { securityHubCustomAction } from '../events/security-hub';
import { badBucket, isKept } from './bucket';
import { approvers, bob, type Central, plantedRule, useCentral } from './central';

const { open } = useCentral();
const siemRole = 'arn:aws:iam::111122223333:role/tools/Siem';
const siem = 'arn:aws:sts::111122223333:assumed-role/Siem/i-0123';
const ofSiem = [{ principals: ['arn:aws:sts::111122223333:assumed-role/Siem/*'] }, ...approvers];

interface Options {
  readonly requester?: object;
  readonly policy?: object;
}

async function tool({ requester = {}, policy = {} }: Options = {}) {
  const central = await open();
  const { account } = central.account;
  const siemEntry = { principals: [siemRole], rules: ['s3-*'], accounts: [account], resources: ['arn:aws:s3:::kept-*'], ...requester };
  const base = {
    modes: { default: 'fix' },
    ownership: { lastChange: false },
    approvals: { approvers: ofSiem, fourEyes: false },
    requesters: { siem: siemEntry },
  };
  const deploy = (more: object = {}) => central.deploy({ ...base, ...policy, ...more });
  await deploy();
  const bucket = await badBucket(central.account);
  const handler = requestsHandler([plantedRule], central.clock);
  const event = (options: RequestOptions = {}) =>
    remediationRequested({
      rule: plantedRule.id,
      arn: `arn:aws:s3:::${bucket}`,
      account,
      time: central.clock.now().toISOString(),
      ...options,
    });
  return {
    central,
    bucket,
    deploy,
    event,
    /** What the tool asks for, on the bus for requests. */
    ask: (options: RequestOptions = {}) => handler(event(options)),
    handler,
    isFixed: () => isKept(central.account, bucket),
  };
}

/** The records of refused requests in the log. */
async function refused({ account }: Central, rule = 'posture') {
  const { entries } = await queryLog(account.client(DynamoDBClient), 'posture-log', { rule, steps: true }, { limit: 10 });
  return entries.filter(({ by }) => by === 'requests');
}

const calls = ({ emulator, account }: Central) =>
  emulator.gateway.calls.flatMap((call) => (call.account === account.account ? [call.operation] : []));

describe('a request of a tool that can only ask', () => {
  it('waits for an approval, which its own principals can not give, and is then fixed', async () => {
    const { central, ask, isFixed } = await tool();
    expect(await ask()).toEqual({ rule: plantedRule.id, requester: 'siem', reference: 'ALERT-2041' });
    const [result] = await central.delivered();
    expect(result).toMatchObject({ outcome: 'awaiting-approval', reason: expect.stringContaining('siem can only ask') });
    const remediation = result?.remediation ?? '';
    expect((await central.trail(remediation))[0]).toMatchObject({
      finding: 'posture.finding.siem/ALERT-2041',
      source: 'custom',
      detectedBy: 'S3.999',
      requester: 'siem',
      reference: 'ALERT-2041',
      evidence: { technique: 'T1530', summary: 'An anonymous client listed the bucket.' },
      decision: expect.arrayContaining(['requester: siem can only ask, by requesters.siem.mode -> ask']),
    });

    expect(await central.order({ order: 'approve', remediation }, siem)).toMatchObject({
      statusCode: 403,
      code: 'own-request',
      reason: expect.stringContaining('is a principal of siem, which requested this fix'),
    });
    expect(await central.last(remediation)).toMatchObject({ kind: 'approval-refused', actor: siem });
    expect([await central.delivered(), await isFixed()]).toEqual([[], false]);

    expect(await central.order({ order: 'approve', remediation }, bob)).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
    expect(await isFixed()).toBe(true);
    const told = central.told().map(({ outcome, requester, reference }) => [outcome, requester, reference]);
    expect(told).toEqual(['awaiting-approval', 'approval-refused', 'approved', 'fixed'].map((outcome) => [outcome, 'siem', 'ALERT-2041']));
  });

  it('does not fix where the mode observes, nor where it is off', async () => {
    const { central, ask, isFixed } = await tool({ policy: { modes: { default: 'observe' } } });
    await ask();
    expect(await central.delivered()).toMatchObject([{ outcome: 'observed' }]);
    expect(await isFixed()).toBe(false);
  });

  it('is refused to who approves with a custom action, whom nobody can tell from the tool', async () => {
    const anybody = [{ principals: ['security-hub-custom-action'] }];
    const { central, ask, bucket, isFixed } = await tool({
      policy: { modes: { default: 'ask' }, approvals: { approvers: anybody, fourEyes: false } },
    });
    await ask();
    const [result] = await central.delivered();
    const firstObservedAt = central.clock.now().toISOString();
    // Security Hub reports it, too, and the same plan waits.
    expect(await central.find(bucket, { firstObservedAt })).toMatchObject({
      reason: expect.stringContaining(`in remediation ${result?.remediation}`),
    });
    const { account } = central.account;
    const finding = { control: 'S3.999', resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` }, account, firstObservedAt };
    const approval = securityHubCustomAction([finding], { actionId: 'PostureApprove', actionName: 'PostureApprove', account });
    expect(await central.control(approval, 'custom-actions')).toMatchObject([
      { done: false, refused: 'forbidden', code: 'unnamed-approver' },
    ]);
    expect([await central.delivered(), await isFixed()]).toEqual([[], false]);
  });

  it('is refused to the person who is a user of the tool, by four eyes', async () => {
    const principals = ['arn:aws:iam::111122223333:user/ann'];
    const sessions = { approvers, personalSessions: ['arn:aws:iam::111122223333:role/OnCall'] };
    const { central, ask } = await tool({ requester: { principals }, policy: { approvals: sessions } });
    await ask();
    const [result] = await central.delivered();
    const approve = (name: string) =>
      central.order({ order: 'approve', remediation: result?.remediation }, `arn:aws:sts::111122223333:assumed-role/OnCall/${name}`);
    expect(await approve('Ann')).toMatchObject({ statusCode: 403, code: 'own-request' });
    expect(await approve('ben')).toMatchObject({ done: true });
  });

  it('is refused to everybody in an account that is the tool', async () => {
    const { central, ask } = await tool({ requester: { principals: ['arn:aws:iam::111122223333:root'] } });
    await ask();
    const [result] = await central.delivered();
    expect(await central.order({ order: 'approve', remediation: result?.remediation }, bob)).toMatchObject({ code: 'own-request' });
  });

  it('can not be approved once the policy has forgotten the tool', async () => {
    const { central, ask, deploy, isFixed } = await tool();
    await ask();
    const [result] = await central.delivered();
    await deploy({ requesters: {} });
    expect(await central.order({ order: 'approve', remediation: result?.remediation }, bob)).toMatchObject({
      statusCode: 403,
      code: 'unknown-requester',
    });
    expect(await isFixed()).toBe(false);
  });

  it('is not fixed by an approval of who has become its principal since', async () => {
    const { central, ask, deploy, isFixed } = await tool();
    await ask();
    const [result] = await central.delivered();
    const remediation = result?.remediation ?? '';
    expect(await central.order({ order: 'approve', remediation }, bob)).toMatchObject({ done: true });
    const principals = ['arn:aws:iam::111122223333:role/OnCall'];
    await deploy({ requesters: { siem: { principals, rules: ['s3-*'] } } });
    expect(await central.delivered()).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect((await central.trail(remediation)).at(-2)).toMatchObject({
      kind: 'approval-refused',
      code: 'own-request',
      reason: expect.stringContaining('is a principal of siem'),
    });
    expect(await isFixed()).toBe(false);
  });
});

describe('a request of a tool that can fix', () => {
  const requester = { mode: 'fix' };

  it('is fixed where the mode is fix; no detector is told of it or asked', async () => {
    const { central, ask, isFixed } = await tool({ requester });
    central.emulator.gateway.clear();
    await ask();
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', reason: "The rule's check passes after the change." }]);
    expect([await isFixed(), await central.looks()]).toEqual([true, []]);
    expect(calls(central)).not.toContain('BatchUpdateFindings');
    expect(central.told()).toMatchObject([
      { outcome: 'fixed', source: 'custom', requester: 'siem', reference: 'ALERT-2041', finding: 'posture.finding.siem/ALERT-2041' },
    ]);
  });

  it('that finds another one half-done has it go on, and is answered by its own reference', async () => {
    const { central, ask, isFixed } = await tool({ requester });
    const faults = (['PutBucketVersioning', 'DeletePublicAccessBlock', 'DeleteBucketOwnershipControls'] as const).map((operation) =>
      central.emulator.gateway.fail({ operation, as: 'access-denied', times: Number.POSITIVE_INFINITY }),
    );
    await ask();
    const [first] = await central.delivered();
    expect(first?.outcome).toBe('incomplete');
    for (const fault of faults) fault.cancel();
    await ask({ reference: 'A-2' });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation: first?.remediation }]);
    expect(await isFixed()).toBe(true);
    while ((await central.schedules.list()).length > 0) await central.comeBack();
    const told = (which: string) => central.told().flatMap(({ outcome, reference }) => (reference === which ? [outcome] : []));
    expect([told('ALERT-2041').slice(0, 2), told('A-2')]).toEqual([['incomplete', 'fixed'], ['already-compliant']]);
  });

  it('is rolled back as any fix, and the tool can tell that by its reference', async () => {
    const { central, ask, isFixed } = await tool({ requester });
    await ask();
    const [result] = await central.delivered();
    expect(await central.order({ order: 'rollback', remediation: result?.remediation, why: 'too much' }, bob)).toMatchObject({
      done: true,
    });
    expect(await central.delivered()).toMatchObject([{ outcome: 'rolled-back' }]);
    expect(await isFixed()).toBe(false);
    expect(central.told().at(-1)).toMatchObject({ outcome: 'rolled-back', requester: 'siem', reference: 'ALERT-2041' });
  });

  it('stays open as its own finding where its rollback is interrupted', async () => {
    const { central, ask } = await tool({ requester });
    await ask();
    const [result] = await central.delivered();
    await central.order({ order: 'rollback', remediation: result?.remediation, why: 'too much' }, bob);
    const fault = central.emulator.gateway.fail({ operation: 'PutBucketVersioning', as: 'throttle', times: Number.POSITIVE_INFINITY });
    await central.delivered().catch(() => []);
    fault.cancel();
    const key = keys.open(plantedRule.id, `arn:aws:s3:::${result?.resource.split(':::')[1]}`);
    const client = central.account.client(DynamoDBClient);
    const { Item } = await client.send(new GetItemCommand({ TableName: 'posture-coordination', Key: { key: { S: key } } }));
    const message = JSON.parse(Item?.message?.S ?? '{}') as object;
    expect(readMessage(plantedRule, message)).toMatchObject({ finding: { source: 'custom', requester: 'siem', reference: 'ALERT-2041' } });
  });

  it('waits for an approval where the mode is ask', async () => {
    const { central, ask } = await tool({ requester, policy: { modes: { default: 'ask' } } });
    await ask();
    expect(await central.delivered()).toMatchObject([{ outcome: 'awaiting-approval' }]);
  });

  it('has a log of its own for each request, and says so where nothing is to do', async () => {
    const { central, ask } = await tool({ requester });
    await ask();
    await central.delivered();
    const again = [];
    for (const reference of ['A-2', 'A-3']) {
      await ask({ reference });
      again.push(...(await central.delivered()));
    }
    expect(again).toMatchObject([{ outcome: 'already-compliant' }, { outcome: 'already-compliant' }]);
    expect(central.told().map(({ reference }) => reference)).toEqual(['ALERT-2041', 'A-2', 'A-3']);
  });

  it('leaves the owner the grace period, however long ago the tool says that it saw it', async () => {
    const { central, ask, event, isFixed } = await tool({ requester, policy: { grace: [{ hours: 24 }] } });
    const now = central.clock.now().getTime();
    await ask({ detectedAt: '2026-01-01T00:00:00Z', time: '2026-01-01T00:00:00Z' });
    const [result] = await central.delivered();
    expect(result?.outcome).toBe('deferred');
    const last = await central.last(result?.remediation ?? '');
    expect(last?.times?.detected).toBe('2026-01-01T00:00:00.000Z');
    expect(Date.parse(last?.until ?? '')).toBeGreaterThanOrEqual(now + 24 * 3_600_000);
    expect(event().detail.detectedAt).not.toBe('2026-01-01T00:00:00Z');
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed' }]);
    expect(await isFixed()).toBe(true);
  });

  it('is only observed when it comes back after the policy has forgotten the tool', async () => {
    const { central, ask, deploy, isFixed } = await tool({ requester, policy: { grace: [{ hours: 24 }] } });
    await ask();
    await central.delivered();
    await deploy({ requesters: {} });
    const { results } = await central.comeBack();
    expect(results).toMatchObject([{ outcome: 'observed', reason: expect.stringContaining('The policy has no requester') }]);
    expect(await isFixed()).toBe(false);
  });
});

describe('a request beyond what the policy lets its tool ask for', () => {
  const beyond: readonly (readonly [string, RequestOptions, string, string, string])[] = [
    ['an unknown requester', { requester: 'edr' }, 'unknown-requester', 's3-bucket-well-kept', 'edr'],
    ['a property of all objects for a requester', { requester: 'constructor' }, 'unknown-requester', 's3-bucket-well-kept', 'constructor'],
    ['another account', { account: '999988887777' }, 'beyond-requester', 's3-bucket-well-kept', 'siem'],
    ['another resource', { arn: 'arn:aws:s3:::payroll' }, 'beyond-requester', 's3-bucket-well-kept', 'siem'],
    ['a rule that is not deployed', { rule: 's3-bucket-burnt' }, 'rule-not-found', 'posture', 'siem'],
    ['a resource that is none', { arn: 'arn:aws:s3:::kept-*' }, 'invalid-resource-id', 's3-bucket-well-kept', 'siem'],
  ];

  it.each(beyond)('is refused with a record, and told: %s', async (_, options, code, rule, requester) => {
    const { central, ask } = await tool({ requester: { mode: 'fix' } });
    central.emulator.gateway.clear();
    expect(await ask(options)).toMatchObject({ code });
    expect(central.messages()).toEqual([]);
    const [record, ...others] = await refused(central, rule);
    expect(others).toEqual([]);
    expect(record).toMatchObject({ kind: 'request-refused', code, source: 'custom' });
    expect((await central.trail(record?.remediation ?? ''))[0]).toMatchObject({ requester, reference: 'ALERT-2041' });
    expect(central.told()).toMatchObject([{ outcome: 'request-refused', code, requester, reference: 'ALERT-2041', source: 'custom' }]);
    expect(central.metrics().filter(({ RefusedRequests }) => RefusedRequests === 1)).toHaveLength(1);
  });

  it('is refused for another rule of the catalogue', async () => {
    const { central, ask } = await tool({ requester: { rules: ['s3-bucket-tls-required'] } });
    expect(await ask()).toMatchObject({ code: 'beyond-requester', reason: expect.stringContaining('requesters.siem.rules') });
    expect(central.messages()).toEqual([]);
  });

  it.each([
    ['no event', null, 'malformed-event'],
    ['another source', { ...remediationRequested(), source: 'my.app' }, 'unsupported-event'],
    ['another type', { ...remediationRequested(), 'detail-type': 'Remediation Wanted' }, 'rule-not-found'],
    ['no detail', { ...remediationRequested(), detail: null }, 'malformed-event'],
  ])('is refused with a record where it is none: %s', async (_, event, code) => {
    const { central, handler } = await tool();
    expect(await handler(event)).toMatchObject({ code });
    expect(await refused(central)).toMatchObject([{ kind: 'request-refused', code }]);
    expect(central.messages()).toEqual([]);
  });

  it('is refused by the function of the rule, too, as anybody may have invoked it', async () => {
    const { central, event, isFixed } = await tool({ requester: { mode: 'fix' } });
    for (const options of [{ requester: 'edr' }, { account: '999988887777' }, { arn: 'arn:aws:s3:::payroll' }]) {
      const { results, refusals } = await central.send(event(options));
      expect({ results, refusals }).toMatchObject({ results: [], refusals: [{ kind: 'invalid' }] });
    }
    expect(await isFixed()).toBe(false);
  });
});

describe('while something does not work', () => {
  it.each(['BatchGetItem', 'Invoke'] as const)(
    'the request fails where AWS refuses %s, so that it is delivered again',
    async (operation) => {
      const { central, ask } = await tool({ requester: { mode: 'fix' } });
      const faults = [operation, ...(operation === 'Invoke' ? [] : (['StartConfigurationSession'] as const))].map((one) =>
        central.emulator.gateway.fail({ operation: one, as: 'throttle', times: Number.POSITIVE_INFINITY }),
      );
      await expect(ask()).rejects.toThrow();
      for (const fault of faults) fault.cancel();
      expect(await ask()).toMatchObject({ rule: plantedRule.id });
      expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
    },
  );
});
