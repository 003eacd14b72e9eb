import { deepStrictEqual as equal, match, ok } from 'node:assert';
import { IAMClient } from '@aws-sdk/client-iam';
import { bucketWithoutVersions } from './bucket-without-versions';
import { commandLine, jsonOf } from './command-line';
import { outcomes, type Recorded, report } from './findings';
import { documentedPermissions, newUser } from './operator';
import type { Stage } from './stage';

/** An approval, and a rollback, as an operator types them. */
export async function obeyOperator({ url, checks, world, events, dynamo, posture }: Stage): Promise<void> {
  console.log('An operator, with the permissions of the documentation');
  const asked = await bucketWithoutVersions(world, 'asks-first-invoices');
  const arn = asked.reported.arn;
  await report(events, [asked]);
  await outcomes(dynamo, [arn]);
  let remediation = '';
  let plan = '';
  await checks.check('posture approvals lists the plan, and nothing is changed', async () => {
    const [waiting] = await jsonOf<readonly (Recorded & { readonly plan?: string })[]>(posture, 'approvals');
    equal(waiting?.resource, arn);
    equal(await asked.versioning(), undefined);
    remediation = waiting?.remediation ?? '';
    plan = waiting?.plan ?? '';
  });
  await checks.check('posture approve has it fixed', async () => {
    const since = new Date().toISOString();
    ok(plan !== '', 'posture approvals tells no plan');
    const { code, stdout, stderr } = await posture('approve', remediation, '--plan', plan);
    equal(code, 0, stderr || stdout);
    const end = (await outcomes(dynamo, [arn], { since })).get(arn);
    equal(end?.outcome, 'fixed', end?.reason);
    equal(await asked.versioning(), 'Enabled');
  });
  await checks.check('posture log --remediation shows the whole trail', async () => {
    const { stdout } = await posture('log', '--remediation', remediation);
    for (const part of ['approv', 'on-call', 'PutBucketVersioning']) match(stdout, new RegExp(part));
  });
  await checks.check('posture rollback --deployed takes it back', async () => {
    const { code, stdout, stderr } = await posture('rollback', remediation, '--deployed', '--yes', '--why', 'Too expensive.');
    equal(code, 0, stderr || stdout);
    const since = new Date(Date.now() - 60_000).toISOString();
    await outcomes(dynamo, [arn], { since });
    equal(await asked.versioning(), 'Suspended');
  });
  await checks.check('a user with the same permissions who is no approver is refused', async () => {
    const other = commandLine(url, await newUser(new IAMClient({}), 'intern', documentedPermissions()));
    const { code, stderr } = await other('resume', '--why', 'I would like to.');
    equal(code, 1);
    match(stderr, /refused \(forbidden\)/);
  });
}
