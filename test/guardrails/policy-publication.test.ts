import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { canonicalJson } from '../../functions/canonical-json';
import { queryLog } from '../../functions/log/query';
import { hashOfContent } from '../../functions/policy/content';
import { type Central, unbounded, useCentral } from './central';

const { open } = useCentral();
const fixing = { ...unbounded, modes: { default: 'fix' } };
const observing = { ...unbounded, modes: { default: 'observe' } };
const alice = 'arn:aws:sts::111122223333:assumed-role/Ops/alice';

const publications = async ({ account }: Central) => {
  const { entries } = await queryLog(
    account.client(DynamoDBClient),
    'posture-log',
    { rule: 'posture', order: 'oldest-first' },
    { limit: 100 },
  );
  return entries.filter(({ forged }) => forged === undefined);
};

/** A call to AppConfig, as CloudTrail records it some minutes later. */
const recorded = (central: Central, eventName: string, at: Date, parameters: object = {}) => {
  const { emulator, account, policy } = central;
  const [applicationId, environmentId, configurationProfileId] = policy.configuration.split('/');
  emulator.gateway.cloudTrail.record({
    ...{ account: account.account, region: account.region, resourceName: 'posture', resourceType: 'AWS::AppConfig::Deployment' },
    event: {
      ...{
        eventName,
        eventSource: 'appconfig.amazonaws.com',
        eventTime: at.toISOString(),
        userIdentity: { arn: alice },
        userAgent: 'cli',
      },
      requestParameters: { applicationId, environmentId, configurationProfileId, ...parameters },
    } as never,
  });
};

describe('the publication of a policy', () => {
  it('is in the log once: which version, what it means, and the policies before and after, by whatever way it was deployed', async () => {
    const central = await open();
    await central.deploy(observing);
    await central.copyPolicy();
    await central.copyPolicy();
    await central.deploy(fixing);
    await central.copyPolicy();
    await central.copyPolicy();
    const entries = await publications(central);
    expect(entries).toMatchObject([
      { kind: 'policy-published', by: 'control', actor: 'unknown', reason: 'Version 1 of the policy is in force.' },
      {
        kind: 'policy-published',
        reason: expect.stringMatching(/^Version 2 of the policy is in force\. 1 rule, in all or some cases, begin to fix: /),
      },
    ]);
    const { Items: [item] = [] } = await central.account.client(DynamoDBClient).send(
      new QueryCommand({
        TableName: 'posture-log',
        KeyConditionExpression: 'trail = :t',
        ExpressionAttributeValues: { ':t': { S: entries[1]?.trail ?? '' } },
      }),
    );
    expect(item).toMatchObject({
      before: {
        M: { hash: { S: hashOfContent(canonicalJson(observing)) }, policy: { M: { modes: { M: { default: { S: 'observe' } } } } } },
      },
      after: { M: { hash: { S: hashOfContent(canonicalJson(fixing)) }, version: { S: '2' } } },
    });
  });

  it('is followed by who made it, when CloudTrail has it: once, and only of that version', async () => {
    const central = await open();
    await central.deploy(observing);
    const at = (seconds: number) => new Date(central.clock.now().getTime() - seconds * 1000);
    const [earlier, own] = [at(60), at(10)];
    await central.copyPolicy();
    recorded(central, 'StartDeployment', earlier, { configurationVersion: '9' });
    await central.copyPolicy();
    expect((await publications(central)).map(({ kind }) => kind)).toEqual(['policy-published']);
    central.clock.pass(60);
    recorded(central, 'StartDeployment', own, { configurationVersion: '1' });
    // Of another publication, which comes later.
    recorded(central, 'StopDeployment', central.clock.now());
    await central.copyPolicy();
    await central.copyPolicy();
    const [published, identified, ...others] = await publications(central);
    expect(others).toEqual([]);
    expect(identified).toMatchObject({ kind: 'publisher-identified', actor: alice, trail: published?.trail, sequence: 2 });
  });

  it('by a rollback is of whoever stopped the deployment', async () => {
    const central = await open();
    await central.deploy(observing);
    await central.deploy(fixing);
    await central.copyPolicy();
    await central.policy.revert();
    central.clock.pass(60);
    recorded(central, 'StartDeployment', central.clock.now(), { configurationVersion: '1' });
    central.clock.pass(1);
    recorded(central, 'StopDeployment', central.clock.now());
    central.clock.pass(5);
    await central.copyPolicy();
    await central.copyPolicy();
    expect(await publications(central)).toMatchObject([
      { kind: 'policy-published', reason: expect.stringMatching(/^Version 2 /) },
      { kind: 'policy-published', reason: expect.stringMatching(/^Version 1 /) },
      { kind: 'publisher-identified', actor: alice },
    ]);
  });

  it('is logged by a later minute if the log could not be written, and the policy takes effect nevertheless', async () => {
    const central = await open();
    await central.deploy(observing);
    const fault = central.emulator.gateway.fail({
      account: central.account.account,
      operation: 'ExecuteStatement',
      times: 50,
      as: 'access-denied',
    });
    expect(await central.copyPolicy()).toMatchObject({ policy: 'copied' });
    expect(await publications(central)).toEqual([]);
    fault.cancel();
    await central.copyPolicy();
    expect(await publications(central)).toMatchObject([{ kind: 'policy-published' }]);
  });

  it('is logged also of a policy that can not be used, with the reason', async () => {
    const central = await open();
    await central.deploy(observing);
    await central.copyPolicy();
    central.emulator.gateway.appConfig.corrupt(central.account.account, '{"modes":{"default":"everything"}}');
    await central.copyPolicy();
    expect((await publications(central)).at(-1)).toMatchObject({ reason: expect.stringContaining("It can't be used: ") });
  });
});
