import { deepStrictEqual as equal, match, ok } from 'node:assert';
import { bucketWithoutVersions } from './bucket-without-versions';
import { outcomes, report } from './findings';
import type { Stage } from './stage';

/** Nothing is changed while all is stopped. */
export async function stopAndResume({ checks, world, events, dynamo, posture }: Stage): Promise<void> {
  console.log('Stop and resume');
  const bucket = await bucketWithoutVersions(world, 'while-stopped');
  const { arn } = bucket.reported;
  await checks.check('posture stop: a finding changes nothing, and the log says why', async () => {
    const { code, stdout, stderr } = await posture('stop', '--why', 'An incident.');
    equal(code, 0, stderr || stdout);
    await report(events, [bucket]);
    const end = (await outcomes(dynamo, [arn])).get(arn);
    ok(end?.outcome !== undefined && end.outcome !== 'fixed', `${end?.outcome}: ${end?.reason}`);
    match(end?.reason ?? '', /stopped/i);
    equal(await bucket.versioning(), undefined);
  });
  await checks.check('posture resume: the next report of it is fixed', async () => {
    const { code, stdout, stderr } = await posture('resume', '--why', 'The incident is over.');
    equal(code, 0, stderr || stdout);
    const since = new Date().toISOString();
    await report(events, [bucket]);
    const end = (await outcomes(dynamo, [arn], { since })).get(arn);
    equal(end?.outcome, 'fixed', end?.reason);
    equal(await bucket.versioning(), 'Enabled');
  });
}
