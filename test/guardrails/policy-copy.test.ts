import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { canonicalJson } from '../../functions/canonical-json';
import { hashOfContent } from '../../functions/policy/content';
import { badBucket, isKept } from './bucket';
import { type Central, unbounded, useCentral } from './central';

const { open } = useCentral();
const fixing = { ...unbounded, modes: { default: 'fix' } };
const observing = { ...unbounded, modes: { default: 'observe' } };
const orders = 'posture-orders';

/** The calls that cost something in AppConfig, so far. */
const asked = ({ emulator, account }: Central) =>
  emulator.gateway.calls
    .filter((call) => call.account === account.account && /^(StartConfigurationSession|GetLatestConfiguration)$/.test(call.operation))
    .map(({ operation }) => operation);
const itemOf = async ({ account }: Central, key: string): Promise<Record<string, unknown> | undefined> => {
  const { Item } = await account.client(DynamoDBClient).send(new GetItemCommand({ TableName: orders, Key: { key: { S: key } } }));
  return Item && unmarshall(Item);
};
const rewrite = async (central: Central, key: string, attributes: Readonly<Record<string, unknown>>) => {
  const Item = marshall({ ...(await itemOf(central, key)), ...attributes });
  await central.account.client(DynamoDBClient).send(new PutItemCommand({ TableName: orders, Item }));
};
const notCopied = (central: Central) => central.metrics().filter(({ PolicyNotCopied }) => PolicyNotCopied !== undefined);
const outcomeOf = async (central: Central) => (await central.find(await badBucket(central.account))).outcome;
/** Long enough that no function goes by what it read before. */
const forget = (central: Central) => central.clock.pass(31);

describe('the policy in force, copied', () => {
  it('is read from the table by functions: none of them asks AppConfig, before its first deployment is copied all of them do', async () => {
    const central = await open();
    await central.deploy(observing);
    expect(await outcomeOf(central)).toBe('observed');
    expect(asked(central)).toEqual(['StartConfigurationSession', 'GetLatestConfiguration']);
    expect(notCopied(central)).toMatchObject([{ Rule: 's3-bucket-well-kept', PolicyNotCopied: 1 }]);

    expect(await central.copyPolicy()).toMatchObject({ policy: 'copied', version: '1' });
    central.emulator.gateway.clear();
    forget(central);
    expect(await outcomeOf(central)).toBe('observed');
    expect(asked(central)).toEqual([]);
    expect(await itemOf(central, 'policy')).toMatchObject({
      configuration: central.policy.configuration,
      hash: hashOfContent(canonicalJson(observing)),
      version: '1',
      by: 'posture-control 1.0.0',
    });
    expect(await itemOf(central, 'policy-check')).toMatchObject({
      hash: hashOfContent(canonicalJson(observing)),
      by: 'posture-control 1.0.0',
    });
  });

  it('is received once, as long as it does not change', async () => {
    const central = await open();
    await central.deploy(observing);
    await central.copyPolicy();
    central.emulator.gateway.clear();
    for (let minute = 0; minute < 3; minute += 1) {
      central.clock.pass(60);
      expect(await central.copyPolicy()).toMatchObject({ policy: 'unchanged' });
    }
    expect(asked(central)).toEqual(['GetLatestConfiguration', 'GetLatestConfiguration', 'GetLatestConfiguration']);
    const written = central.emulator.gateway.calls
      .filter(({ operation }) => operation === 'PutItem')
      .map(({ input }) => (input.Item as { key: { S: string } }).key.S);
    expect(new Set(written)).toEqual(new Set(['policy-session', 'policy-check']));
  });

  it('takes effect when AppConfig announces the deployment', async () => {
    const central = await open();
    await central.deploy(fixing);
    await central.copyPolicy();
    expect(await outcomeOf(central)).toBe('fixed');
    await central.policy.deploy(observing);
    await central.control({ source: 'aws.appconfig', 'detail-type': 'On Deployment Complete', detail: {} }, 'policy');
    central.clock.pass(15);
    expect(await outcomeOf(central)).toBe('observed');
    expect(await itemOf(central, 'policy')).toMatchObject({ version: '2' });
  });

  it('is the one before when AppConfig reverts a deployment', async () => {
    const central = await open();
    await central.deploy(observing);
    await central.deploy(fixing);
    await central.copyPolicy();
    expect(await outcomeOf(central)).toBe('fixed');
    await central.policy.revert();
    expect(await central.copyPolicy()).toMatchObject({ policy: 'copied', version: '1' });
    forget(central);
    expect(await outcomeOf(central)).toBe('observed');
  });

  it('stays as it was when the validator refuses another', async () => {
    const central = await open();
    await central.deploy(observing);
    await central.copyPolicy();
    central.emulator.gateway.appConfig.validateBy(central.account.account, () => {
      throw new Error('Unknown rule');
    });
    await expect(central.policy.deploy(fixing)).rejects.toThrow('Unknown rule');
    expect(await central.copyPolicy()).toMatchObject({ policy: 'unchanged' });
    forget(central);
    expect(await outcomeOf(central)).toBe('observed');
  });

  it.each([
    ['is invalid', '{"modes":{"default":"everything"}}', 'is invalid'],
    ['is no JSON', 'modes: {}', 'not valid JSON'],
    ['is none', undefined, 'no policy deployed'],
  ])('is used no more where what AppConfig has in force %s', async (_, content, said) => {
    const central = await open();
    await central.deploy(fixing);
    await central.copyPolicy();
    expect(await outcomeOf(central)).toBe('fixed');
    central.emulator.gateway.appConfig.corrupt(central.account.account, content);
    // AppConfig itself would not say in a session that nothing is deployed any more.
    if (content === undefined) central.emulator.gateway.appConfig.expireTokens();
    expect(await central.copyPolicy()).toMatchObject({ policy: 'not-copied', reason: expect.stringContaining(said) });
    expect(notCopied(central)).not.toEqual([]);
    forget(central);
    const bucket = await badBucket(central.account);
    expect(await central.find(bucket)).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining(said) });
    expect(await isKept(central.account, bucket)).toBe(false);
    // It is not received anew every minute.
    central.emulator.gateway.clear();
    await central.copyPolicy();
    expect(asked(central)).toEqual(['GetLatestConfiguration']);
  });

  it('that is too large for an item is asked of AppConfig, and said to be', async () => {
    const central = await open();
    await central.deploy(observing);
    await central.copyPolicy();
    const elsewhere = { resources: ['arn:aws:s3:::elsewhere'] };
    const noise = Array.from({ length: 1000 }, () => ({
      reason: randomBytes(450).toString('base64'),
      owner: 'team',
      expires: '2020-01-31',
      ...elsewhere,
    }));
    await central.deploy({ ...fixing, exemptions: noise });
    expect(await central.copyPolicy()).toMatchObject({ policy: 'not-copied', reason: expect.stringMatching(/too large.*ask AppConfig/) });
    expect(await outcomeOf(central)).toBe('fixed');
    expect(notCopied(central).length).toBeGreaterThan(1);
  });

  it('that is large is compressed', async () => {
    const central = await open();
    const exemptions = Array.from({ length: 5000 }, (_, index) => ({
      reason: `an exception of the team with the number ${index}`,
      owner: 'team',
      expires: '2020-01-31',
      resources: [`arn:aws:s3:::bucket-${index}`],
    }));
    await central.deploy({ ...fixing, exemptions });
    expect(await central.copyPolicy()).toMatchObject({ policy: 'copied' });
    central.emulator.gateway.clear();
    expect(await outcomeOf(central)).toBe('fixed');
    expect(asked(central)).toEqual([]);
  });
});

describe('while the control function is down', () => {
  it('the copy is used for five minutes, then AppConfig is asked, and where that fails nothing is changed', async () => {
    const central = await open();
    await central.deploy(fixing);
    await central.copyPolicy();
    central.emulator.gateway.clear();
    central.clock.pass(290);
    expect(await outcomeOf(central)).toBe('fixed');
    expect(asked(central)).toEqual([]);
    // A copy that was read in time is not used for longer.
    central.clock.pass(11);
    expect(await outcomeOf(central)).toBe('fixed');
    expect(asked(central)).toEqual(['StartConfigurationSession', 'GetLatestConfiguration']);
    expect(notCopied(central)).toHaveLength(1);

    central.emulator.gateway.fail({
      operation: 'GetLatestConfiguration',
      account: central.account.account,
      as: 'access-denied',
      times: 100,
    });
    forget(central);
    const bucket = await badBucket(central.account);
    expect(await central.find(bucket)).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining('could not be fetched') });
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('a stricter policy is in effect after five minutes', async () => {
    const central = await open();
    await central.deploy(fixing);
    await central.copyPolicy();
    await central.policy.deploy(observing);
    central.clock.pass(301);
    expect(await outcomeOf(central)).toBe('observed');
  });

  it('a poll that fails is counted, and the next one makes up for it', async () => {
    const central = await open();
    await central.deploy(fixing);
    const fault = central.emulator.gateway.fail({
      operation: 'StartConfigurationSession',
      account: central.account.account,
      as: 'access-denied',
      times: 100,
    });
    await expect(central.copyPolicy()).rejects.toThrow('not authorized');
    expect(notCopied(central)).toHaveLength(1);
    expect(await itemOf(central, 'policy-check')).toBeUndefined();
    fault.cancel();
    expect(await central.copyPolicy()).toMatchObject({ policy: 'copied' });
  });

  it('the table that can not be read is passed over', async () => {
    const central = await open();
    await central.deploy(observing);
    await central.copyPolicy();
    central.emulator.gateway.clear();
    central.emulator.gateway.fail({ operation: 'BatchGetItem', account: central.account.account, as: 'access-denied', times: 100 });
    expect(await outcomeOf(central)).toBe('observed');
    expect(asked(central)).toEqual(['StartConfigurationSession', 'GetLatestConfiguration']);
    expect(notCopied(central)).toMatchObject([{ PolicyNotCopied: 1 }]);
  });
});

describe('a clock that is wrong', () => {
  it('makes no check last longer: one in the future is not used', async () => {
    const central = await open();
    await central.deploy(observing);
    central.clock.pass(120);
    await central.copyPolicy();
    central.clock.pass(-120);
    central.emulator.gateway.clear();
    expect(await outcomeOf(central)).toBe('observed');
    expect(asked(central)).toEqual(['StartConfigurationSession', 'GetLatestConfiguration']);
    // The right clock writes over it, and doesn't continue the session either.
    expect(await central.copyPolicy()).toMatchObject({ policy: 'copied' });
    forget(central);
    central.emulator.gateway.clear();
    expect(await outcomeOf(central)).toBe('observed');
    expect(asked(central)).toEqual([]);
  });

  it('of a few seconds does no harm', async () => {
    const central = await open();
    await central.deploy(observing);
    central.clock.pass(20);
    await central.copyPolicy();
    central.clock.pass(-20);
    central.emulator.gateway.clear();
    expect(await outcomeOf(central)).toBe('observed');
    expect(asked(central)).toEqual([]);
  });
});

describe('an item that was rewritten by hand', () => {
  const forged = canonicalJson(fixing);
  const other = { content: gzipSync(forged), hash: hashOfContent(forged) };

  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['with another content', 'policy', { content: other.content }],
    ['with another content and its hash', 'policy', other],
    ['with what is no content', 'policy', { content: 'fix' }],
    ['for another configuration', 'policy', { configuration: 'a/b/c' }],
    ['with another hash of the check', 'policy-check', { hash: other.hash }],
    ['with a check of another configuration', 'policy-check', { configuration: 'a/b/c' }],
    ['with a time that is none', 'policy-check', { at: 'today' }],
    ['with a time that is a number', 'policy-check', { at: 99_999_999_999_999 }],
  ])('%s is not used, and made again', async (_, key, attributes) => {
    const central = await open();
    await central.deploy(observing);
    await central.copyPolicy();
    await rewrite(central, key, attributes);
    central.emulator.gateway.clear();
    expect(await outcomeOf(central)).toBe('observed');
    expect(asked(central)).toEqual(['StartConfigurationSession', 'GetLatestConfiguration']);
    central.clock.pass(31);
    await central.copyPolicy();
    central.emulator.gateway.clear();
    expect(await outcomeOf(central)).toBe('observed');
    expect(asked(central)).toEqual([]);
  });

  it('in all three, by whoever may write there, stands for six hours at most', async () => {
    const central = await open();
    await central.deploy(observing);
    await central.copyPolicy();
    await rewrite(central, 'policy', other);
    await rewrite(central, 'policy-check', { hash: other.hash });
    await rewrite(central, 'policy-session', { hash: other.hash });
    expect(await central.copyPolicy()).toMatchObject({ policy: 'unchanged' });
    central.clock.pass(6 * 3600);
    expect(await central.copyPolicy()).toMatchObject({ policy: 'copied' });
    expect(await outcomeOf(central)).toBe('observed');
  });

  it('is made again where it is gone', async () => {
    const central = await open();
    await central.deploy(observing);
    await central.copyPolicy();
    await central.account.client(DynamoDBClient).send(new DeleteItemCommand({ TableName: orders, Key: { key: { S: 'policy' } } }));
    expect(await central.copyPolicy()).toMatchObject({ policy: 'copied' });
    expect(await itemOf(central, 'policy')).toMatchObject({ hash: hashOfContent(canonicalJson(observing)) });
  });
});

it('nothing else has the policy copied', async () => {
  const central = await open();
  await expect(central.control({ order: 'stop', why: 'testing' }, 'policy')).rejects.toThrow('is not a valid request');
});

it('of two copies at the same time, that of the later poll stands', async () => {
  const central = await open();
  await central.deploy(fixing);
  await central.copyPolicy();
  // An earlier poll, whose writes come last.
  const later = new Date(central.clock.now().getTime() + 20_000).toISOString();
  await rewrite(central, 'policy-check', { at: later, hash: 'of the later poll' });
  await central.copyPolicy();
  expect(await itemOf(central, 'policy-check')).toMatchObject({ at: later, hash: 'of the later poll' });
});
