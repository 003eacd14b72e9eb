import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { loadRules } from '../functions/catalogue/catalogue';
import { bundle } from './bundle';
import { bundleOfCatalogue } from './bundle/of-catalogue';
import { ArchiveLockError } from './central/archive-lock';
import { ReportCadenceError } from './central/report-cadence';
import { PolicyFileError, policyOf } from './policy-file';
import { checkStackLimits, StackLimitError } from './stack-limits';
import { addStacks } from './stacks';

async function main(): Promise<void> {
  const app = new App();
  const entries = loadRules();
  const policy = policyOf(app.node.tryGetContext('posture'), entries);
  const folder = path.resolve(__dirname, '../build');
  const bundles = await bundle(entries, path.join(folder, 'functions'));
  const catalogueBundles = await bundleOfCatalogue(entries, path.join(folder, 'of-catalogue'));
  addStacks(app, { entries, bundles, policy, catalogueBundles });
  checkStackLimits(app, app.synth().directory);
}

main().catch((error: unknown) => {
  console.error(
    [PolicyFileError, StackLimitError, ArchiveLockError, ReportCadenceError].some((one) => error instanceof one)
      ? (error as Error).message
      : error,
  );
  process.exitCode = 1;
});
