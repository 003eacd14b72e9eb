import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { loadRules } from '../../functions/catalogue/catalogue';
import { synthesize } from '../../infra/synth';
import { functionCredentials } from '../emulator/account';
import { deployStacks } from '../emulator/deploy-stacks';
import { startLambda } from '../emulator/lambda';
import { securityHubCustomAction } from '../events/security-hub';
import { badBucket, isKept } from '../guardrails/bucket';
import { type Central, unbounded, useCentral } from '../guardrails/central';
import { temporaryFolder } from '../infra/synthesized';
import { filledScaffold } from '../scaffold/filled';

const { open } = useCentral();
const outdir = temporaryFolder('hand-on');
const rules = path.resolve(__dirname, '../../rules');

const chosen = (central: Central, buckets: readonly string[], control = 'S3.999') =>
  securityHubCustomAction(
    buckets.map((bucket) => ({
      control,
      resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` },
      account: central.account.account,
    })),
    { account: central.account.account },
  );

/** A catalogue with one rule, whose look at a resource takes a second. */
function slowCatalogue() {
  const folder = path.join(outdir, 'rules');
  mkdirSync(path.join(folder, 'zoo'), { recursive: true });
  for (const file of readdirSync(rules).filter((each) => each.endsWith('.ts'))) cpSync(path.join(rules, file), path.join(folder, file));
  const quick = filledScaffold('zoo', 'bucket-slow')['rules/zoo/bucket-slow.ts'] ?? '';
  const slow = quick.replace(/(async inspect\([^\n]*\{\n)/, '$1    await new Promise((resolve) => setTimeout(resolve, 1000));\n');
  expect(slow).not.toBe(quick);
  writeFileSync(path.join(folder, 'zoo/bucket-slow.ts'), slow);
  return loadRules(folder);
}

describe('an event with several findings', () => {
  it('of a slow rule: the deployed function gives each an invocation of its own, with its own role', async () => {
    const central = await open();
    const { account, emulator } = central;
    const fresh = await emulator.account();
    const policy = 'modes: { default: fix }';
    const { assembly, bundles } = await synthesize({ outdir: path.join(outdir, 'app'), entries: slowCatalogue(), policy });
    await deployStacks(fresh, assembly, ['PostureMember', 'Posture']);
    const deployed = await fresh
      .client(LambdaClient)
      .send(new GetFunctionConfigurationCommand({ FunctionName: 'posture-rule-zoo-bucket-slow' }));
    const lambda = startLambda({
      name: 'posture-rule-zoo-bucket-slow',
      account: fresh.account,
      region: fresh.region,
      code: bundles.get('zoo-bucket-slow')?.folder ?? '',
      handler: deployed.Handler ?? '',
      credentials: await functionCredentials(emulator.gateway, { role: deployed.Role ?? '', name: 'posture-rule-zoo-bucket-slow' }),
      endpoint: emulator.gateway.url,
      // Twenty findings, one after another, would take forty seconds and more.
      timeoutSeconds: 15,
      concurrency: 4,
      environment: deployed.Environment?.Variables ?? {},
    });
    try {
      const buckets = await Promise.all(Array.from({ length: 20 }, () => badBucket(fresh)));
      const event = chosen({ ...central, account: fresh }, buckets, 'ZOO.1');
      emulator.gateway.clear();
      emulator.gateway.invocations.length = 0;
      expect(await lambda.invoke(event)).toMatchObject({ result: { results: [], refusals: [], handedOn: 20 } });
      const handed = emulator.gateway.invocations.filter((one) => one.account === fresh.account);
      expect(handed.map((one) => one.function)).toEqual(Array.from({ length: 20 }, () => 'posture-rule-zoo-bucket-slow'));
      const answers = await Promise.all(handed.map((one) => lambda.invoke(one.event)));
      expect(answers.map((answer) => ('result' in answer ? answer.result : answer))).toEqual(
        answers.map(() => ({ results: [expect.objectContaining({ outcome: 'fixed' })], refusals: [] })),
      );
      expect(await Promise.all(buckets.map((bucket) => isKept(fresh, bucket)))).toEqual(buckets.map(() => true));
      expect(account.account).not.toBe(fresh.account);

      // The same event again hands nothing on.
      emulator.gateway.invocations.length = 0;
      expect(await lambda.invoke(event)).toMatchObject({ result: { handedOn: 0 } });
      expect(emulator.gateway.invocations).toEqual([]);
    } finally {
      await lambda.stop();
    }
  });

  it('is delivered again where one could not be handed on, and only that one is handed on then', async () => {
    const central = await open();
    await central.deploy({ ...unbounded, modes: { default: 'fix' } });
    const buckets = await Promise.all([1, 2, 3].map(() => badBucket(central.account)));
    const event = chosen(central, buckets);
    central.emulator.gateway.fail({ operation: 'Invoke', account: central.account.account, as: 'access-denied', times: 1 });
    await expect(central.send(event)).rejects.toThrow('1 of 3 findings could not be handed on');
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }, { outcome: 'fixed' }]);
    expect(await central.send(event)).toMatchObject({ results: [], handedOn: 1 });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
    expect(await central.send(event)).toMatchObject({ handedOn: 0 });
    expect(await central.delivered()).toEqual([]);
    for (const bucket of buckets) expect(await isKept(central.account, bucket)).toBe(true);
  });

  it('with one finding is handled at once', async () => {
    const central = await open();
    await central.deploy({ ...unbounded, modes: { default: 'fix' } });
    expect((await central.send(chosen(central, [await badBucket(central.account)]))).results).toMatchObject([{ outcome: 'fixed' }]);
    expect(central.messages()).toEqual([]);
  });
});
