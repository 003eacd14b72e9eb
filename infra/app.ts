import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { loadRules } from '../functions/catalogue/catalogue';
import { bundle } from './bundle';
import { readSettings, SettingsError } from './settings';
import { addStacks } from './stacks';

async function main(): Promise<void> {
  const app = new App();
  const entries = loadRules();
  const settings = readSettings(app.node.tryGetContext('posture'), entries);
  const bundles = await bundle(entries, path.resolve(__dirname, '../build/functions'));
  addStacks(app, { entries, bundles, settings });
  app.synth();
}

main().catch((error: unknown) => {
  console.error(error instanceof SettingsError ? error.message : error);
  process.exitCode = 1;
});
