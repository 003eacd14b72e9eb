import { deepStrictEqual as equal, match } from 'node:assert';
import { AppConfigClient, ListApplicationsCommand, UpdateApplicationCommand } from '@aws-sdk/client-appconfig';
import { names } from '../../infra/names';
import { bucketWithoutVersions } from './bucket-without-versions';
import { outcomes, recorded, report } from './findings';
import { leftOver } from './left-over';
import type { Stage } from './stage';

/** What remains of it, and that a stop is among that. */
export async function endAndReturn({ assembly, checks, cdk, world, events, dynamo, posture }: Stage): Promise<void> {
  console.log('Destroyed, and deployed again');
  const { code, stderr } = await posture('stop', '--why', 'We leave.');
  equal(code, 0, stderr);
  const before = await recorded(dynamo);
  await checks.step('cdk destroy --all', () => cdk.destroy(assembly));
  await checks.check('what remains is what the documentation says', async () => {
    const buckets = ['posture-archivebucket', 'posture-archiveresults'];
    equal(await leftOver(), { tables: [names.log, names.orders], buckets, applications: [names.policy] });
    equal(await recorded(dynamo), before);
  });
  await checks.step('cdk deploy --all --import-existing-resources, after the application of AppConfig is renamed', async () => {
    await renameApplication();
    await cdk.deploy(assembly, ['--import-existing-resources']);
  });
  await checks.check('the stop still holds', async () => {
    const bucket = await bucketWithoutVersions(world, 'after-the-return');
    const since = new Date().toISOString();
    await report(events, [bucket]);
    const end = (await outcomes(dynamo, [bucket.reported.arn], { since })).get(bucket.reported.arn);
    match(end?.reason ?? '', /stopped/i);
    equal(await bucket.versioning(), undefined);
  });
}

async function renameApplication(): Promise<void> {
  const appConfig = new AppConfigClient({});
  const { Items = [] } = await appConfig.send(new ListApplicationsCommand({}));
  const ApplicationId = Items.find(({ Name }) => Name === names.policy)?.Id;
  await appConfig.send(new UpdateApplicationCommand({ ApplicationId, Name: `${names.policy}-old` }));
}
