import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { loadRules } from '../functions/catalogue/catalogue';
import { bundle } from './bundle';
import { bundleValidator } from './bundle/validator';
import { PolicyFileError, policyOf } from './policy-file';
import { addStacks } from './stacks';

async function main(): Promise<void> {
  const app = new App();
  const entries = loadRules();
  const policy = policyOf(app.node.tryGetContext('posture'), entries);
  const folder = path.resolve(__dirname, '../build');
  const bundles = await bundle(entries, path.join(folder, 'functions'));
  const validator = await bundleValidator(entries, path.join(folder, 'policy-validator'));
  addStacks(app, { entries, bundles, policy, validator });
  app.synth();
}

main().catch((error: unknown) => {
  console.error(error instanceof PolicyFileError ? error.message : error);
  process.exitCode = 1;
});
