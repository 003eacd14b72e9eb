import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { loadRules } from '../../functions/catalogue/catalogue';
import { isolate } from '../demo/isolate';
import { ownersWorld } from '../demo/world';
import '../emulator/localhost.cjs';
import { archived } from './archived';
import { attackRecords } from './attack-records';
import { cdkAt, synthesizeApp } from './cdk';
import { newChecks } from './checks';
import { commandLine } from './command-line';
import { endAndReturn } from './end-and-return';
import { fixTwenty } from './fix-twenty';
import { type Ministack, startMinistack } from './ministack/start';
import { becomeNext } from './next-version';
import { obeyOperator } from './obey-operator';
import { documentedPermissions, newUser } from './operator';
import { environmentOf, owner, place } from './place';
import type { Stage } from './stage';
import { stopAndResume } from './stop-and-resume';

const folder = path.resolve(__dirname, '../../build/deployed');
const assembly = path.join(folder, 'cdk.out');

async function main(): Promise<void> {
  isolate();
  const started = Date.now();
  const checks = newChecks((line) => console.log(line));
  const progress = (line: string) => console.log(`      ${line}`);
  let emulator: Ministack | undefined;
  let aborted = 0;
  try {
    console.log('The app, deployed to an emulator of AWS that others wrote (ministack), with IAM enforced');
    const synthesized = synthesizeApp(assembly);
    synthesized.catch(() => undefined);
    emulator = await checks.step('start the emulator on loopback', () =>
      startMinistack({ ...place, folder: path.join(folder, 'emulator'), progress }),
    );
    console.log(`      mended, in its process alone: ${emulator.mended.map(({ name }) => name).join(', ')}`);
    Object.assign(process.env, environmentOf(emulator.url, owner));
    const { url } = emulator;
    const cdk = cdkAt(url);
    await checks.step('cdk bootstrap', () => cdk.bootstrap());
    await checks.step('cdk synth', () => synthesized);
    await checks.step('cdk deploy --all', () => cdk.deploy(assembly));
    const onCall = await newUser(new IAMClient({}), 'on-call', documentedPermissions());
    const rules = loadRules().map(({ rule }) => rule);
    const world = ownersWorld({ ...place, credentials: owner } as never, rules);
    await tellStory({
      url,
      assembly,
      checks,
      faults: emulator.mended,
      cdk,
      world,
      rules,
      events: new EventBridgeClient({}),
      dynamo: new DynamoDBClient({}),
      posture: commandLine(url, onCall),
    });
  } catch (error) {
    console.log(`  ✗ ${error instanceof Error ? error.message : error}`);
    aborted = 1;
  } finally {
    await emulator?.stop();
  }
  const failed = checks.failed + aborted;
  if (failed > 0) process.exitCode = 1;
  console.log(`deployed: ${checks.passed} passed, ${failed} failed in ${Math.round((Date.now() - started) / 1000)} s`);
}

async function tellStory(stage: Stage): Promise<void> {
  await fixTwenty(stage);
  await obeyOperator(stage);
  await stopAndResume(stage);
  await archived(stage);
  await attackRecords(stage);
  await becomeNext(stage);
  await endAndReturn(stage);
}

void main();
