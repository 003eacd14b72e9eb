import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { loadRules } from '../../functions/catalogue/catalogue';
import type { Clock } from '../../functions/clock';
import { appConfigPoll } from '../../functions/policy/app-config';
import { PolicyUnreadable } from '../../functions/policy/content';
import { appConfigPolicy } from '../../functions/policy/load';
import { freshPolicy } from '../../functions/policy/policy';
import { bundleOfCatalogue } from '../../infra/bundle/of-catalogue';
import { useEmulator } from '../emulator/use';
import { temporaryFolder } from '../infra/synthesized';
import { policyIn } from './deployed-policy';

const emulator = useEmulator();
const outdir = temporaryFolder('load');

async function setUp() {
  const account = await emulator.account();
  const deployed = await policyIn(account);
  let time = Date.parse('2026-11-24T12:00:00Z');
  const clock: Clock = { now: () => new Date(time), sleep: async () => {} };
  const load = appConfigPolicy(appConfigPoll(account.client(AppConfigDataClient), deployed.configuration), clock);
  emulator.gateway.clear();
  return {
    account,
    ...deployed,
    load,
    pass: (seconds: number) => {
      time += seconds * 1000;
    },
    mode: async () => (await load()).modes.default,
    calls: () => emulator.gateway.calls.map(({ operation }) => operation).filter((name) => /Configuration(Session)?$/.test(name)),
  };
}

describe('the policy that is deployed', () => {
  it('is read once, by calls at the same time too, and kept for 30 seconds', async () => {
    const { deploy, load, pass, calls } = await setUp();
    await deploy(freshPolicy);
    expect(await Promise.all([load(), load(), load()])).toEqual([freshPolicy, freshPolicy, freshPolicy]);
    pass(29);
    await load();
    expect(calls()).toEqual(['StartConfigurationSession', 'GetLatestConfiguration']);
    pass(2);
    expect(await load()).toEqual(freshPolicy);
    expect(calls().slice(2)).toEqual(['GetLatestConfiguration']);
  });

  it('takes effect within a minute of its deployment', async () => {
    const { deploy, mode, pass } = await setUp();
    await deploy({ modes: { default: 'fix' } });
    expect(await mode()).toBe('fix');
    await deploy({ modes: { default: 'off' } });
    pass(59);
    expect(await mode()).toBe('off');
  });

  it.each([1, 2])('is read though the answer to question %i is lost, which uses up its token', async (when) => {
    const { account, deploy, mode, pass } = await setUp();
    await deploy({ modes: { default: 'fix' } });
    const fault = emulator.gateway.fail({ operation: 'GetLatestConfiguration', account: account.account, when, as: 'drop-answer' });
    expect(await mode()).toBe('fix');
    await deploy({ modes: { default: 'ask' } });
    pass(60);
    expect(await mode()).toBe('ask');
    expect(fault.met).toBe(1);
  });

  it('is read on in a new session once the token has expired', async () => {
    const { deploy, mode, pass, calls } = await setUp();
    await deploy({ modes: { default: 'fix' } });
    await mode();
    emulator.gateway.appConfig.expireTokens();
    await deploy({ modes: { default: 'ask' } });
    pass(60);
    expect(await mode()).toBe('ask');
    expect(calls().slice(-3)).toEqual(['GetLatestConfiguration', 'StartConfigurationSession', 'GetLatestConfiguration']);
  });
});

describe('a policy that can not be read', () => {
  it.each([
    ['nothing is deployed', undefined, 'AppConfig has no policy deployed.'],
    ['it is no JSON', 'modes: {}', 'not valid JSON'],
    ['it does not fit', '{"mdoes":{}}', 'is invalid'],
    [
      'a key of it is the prototype',
      '{"modes":{"clauses":[{"mode":"fix","tags":{"__proto__":"x"}}]}}',
      '`__proto__` is not allowed as a key',
    ],
  ])('stops all changes where %s', async (_, content, said) => {
    const { account, deploy, load } = await setUp();
    await deploy(freshPolicy);
    emulator.gateway.appConfig.corrupt(account.account, content);
    const error = await load().catch((one: unknown) => one);
    expect(error).toBeInstanceOf(PolicyUnreadable);
    expect((error as Error).message).toContain(said);
    expect((error as Error).message).toMatch(/no rule starts a change\. Check .*`posture policy publish`/);
  });

  it('stops them where AppConfig does not answer, also when it did before, and lets them go on when it does again', async () => {
    const { account, deploy, load, mode, pass } = await setUp();
    await deploy({ modes: { default: 'fix' } });
    await load();
    const fault = emulator.gateway.fail({ operation: 'GetLatestConfiguration', account: account.account, as: 'access-denied', times: 10 });
    pass(46);
    await expect(load()).rejects.toThrow(PolicyUnreadable);
    fault.cancel();
    expect(await mode()).toBe('fix');
  });
});

describe('the validator, bundled', () => {
  it('lets AppConfig refuse a bad policy, and what was in force stays; a good one takes effect', async () => {
    const { validator } = await bundleOfCatalogue(loadRules(), outdir);
    const { handler } = require(`${validator.folder}/index.js`) as { handler: (event: object) => Promise<void> };
    const { account, deploy, mode, pass } = await setUp();
    emulator.gateway.appConfig.validateBy(account.account, (content) =>
      handler({ content: Buffer.from(content).toString('base64'), uri: 'hosted' }),
    );
    await deploy(freshPolicy);
    const mistyped = { modes: { default: 'fix', clauses: [{ mode: 'ask', rules: ['s3-bucket-versionning-enabled'] }] } };
    await expect(deploy(mistyped)).rejects.toThrow(/Did you mean s3-bucket-versioning-enabled\?/);
    await expect(deploy('modes: { default: fix }')).rejects.toThrow(/not valid JSON/);
    await expect(deploy(`{"modes":{"clauses":[{"mode":"fix","tags":{"__proto__":"x"}}]}}`)).rejects.toThrow(/__proto__/);
    pass(60);
    expect(await mode()).toBe('observe');
    await deploy({ modes: { default: 'fix' } });
    pass(60);
    expect(await mode()).toBe('fix');
  });
});
