import { randomUUID } from 'node:crypto';
import { CreateDBInstanceCommand, DeleteDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import protectedInstance from '../../rules/rds/instance-deletion-protected';
import type { Rule } from '../../rules/rule';
import { configComplianceChange } from '../events/config';
import { securityHubImported } from '../events/security-hub';
import { instanceOf } from '../rules/rds/db-instance/seed';
import { isKept } from './bucket';
import { approvers, unbounded, useCentral } from './central';

const { open } = useCentral();
const fix = { ...unbounded, modes: { default: 'fix' } };

async function invisible() {
  const central = await open();
  await central.deploy(fix);
  const bucket = `kept-${central.account.account}-${randomUUID().slice(0, 12)}`;
  const first = await central.find(bucket);
  expect(first).toMatchObject({ outcome: 'deferred' });
  expect(await central.last(first.remediation)).toMatchObject({ kind: 'deferred', code: 'not-visible' });
  const [schedule, ...others] = await central.schedules.list();
  expect([schedule?.at.getTime(), others]).toEqual([central.clock.now().getTime() + 600_000, []]);
  return { central, bucket, remediation: first.remediation };
}

describe('a resource that AWS does not find', () => {
  it('is looked at again ten minutes later, and then believed, with a note at the finding', async () => {
    const { central, remediation } = await invisible();
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'resource-not-found', remediation }]);
    const updates = central.emulator.gateway.securityHub.updates.filter(({ account }) => account === central.account.account);
    expect(updates.map(({ change }) => change)).toMatchObject([
      { Workflow: { Status: 'NOTIFIED' }, Note: { Text: expect.stringContaining('does not exist') } },
    ]);
    expect(await central.schedules.list()).toEqual([]);
  });

  it('is fixed if it is there by then', async () => {
    const { central, bucket, remediation } = await invisible();
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
    await central.account.client(S3Client).send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed', remediation }]);
    expect(await isKept(central.account, bucket)).toBe(true);
  });

  it('is not believed to be missing where AWS only refuses to say', async () => {
    const { central, remediation } = await invisible();
    const fault = central.emulator.gateway.fail({
      operation: 'GetBucketVersioning',
      account: central.account.account,
      as: 'access-denied',
      times: 100,
    });
    const { results } = await central.comeBack();
    fault.cancel();
    expect(results).toMatchObject([{ remediation }]);
    expect(results[0]?.outcome).not.toBe('resource-not-found');
  });
});

const rule = protectedInstance as unknown as Rule;
const type = 'AWS::RDS::DBInstance';

/** A finding about a DB instance that can be identified only once AWS shows it. */
async function unidentified(source: 'Security Hub' | 'AWS Config') {
  const central = await open({ rules: [rule] });
  await central.deploy({ ...fix, approvals: { fourEyes: false, approvers } });
  const { account, region } = central.account;
  const id = 'orders';
  const event =
    source === 'AWS Config'
      ? configComplianceChange({ rule: 'rds-instance-deletion-protection-enabled', resourceType: type, resourceId: id, account })
      : securityHubImported({ control: 'RDS.8', resource: { type, arn: `arn:aws:rds:${region}:${account}:dbinstance:${id}` }, account });
  const [first] = (await central.send(event)).results;
  const remediation = first?.remediation ?? '';
  expect(await central.last(remediation)).toMatchObject({ kind: 'deferred', code: 'not-visible' });
  const rds = central.account.client(RDSClient);
  const create = () => rds.send(new CreateDBInstanceCommand({ DBInstanceIdentifier: id, DBInstanceClass: 'db.t3.micro', Engine: 'mysql' }));
  const isProtected = async () => (await instanceOf({ send: (command: never) => rds.send(command) } as never, id)).DeletionProtection;
  const arn = `arn:aws:rds:${region}:${account}:db:${id}`;
  return { central, event, remediation, create, rds, id, arn, isProtected };
}

describe.each(['Security Hub', 'AWS Config'] as const)('a resource that %s names by an id that AWS does not know yet', (source) => {
  it('is fixed in the same remediation, whose log names it by its ARN from then on; by that, the detector is asked, and it is rolled back', async () => {
    const { central, remediation, create, arn, isProtected } = await unidentified(source);
    await create();
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed', remediation, resource: arn }]);
    const trail = await central.trail(remediation);
    expect(trail.map(({ outcome, resource }) => outcome && [outcome, resource === arn]).filter(Boolean)).toEqual([
      ['deferred', false],
      ['fixed', true],
    ]);
    expect(central.told().map(({ remediation: told }) => told)).toEqual([remediation, remediation]);
    expect(await isProtected()).toBe(true);
    expect(await central.hear()).toMatchObject([{ outcome: 'fixed', remediation, resource: arn }]);
    expect(await central.order({ order: 'rollback', remediation, why: 'It has to go.' })).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'rolled-back', resource: arn }]);
    expect(await isProtected()).toBe(false);
  });

  it('is not found in the same remediation, if it is deleted again meanwhile', async () => {
    const { central, remediation, create, rds, id } = await unidentified(source);
    await create();
    const fault = central.emulator.gateway.fail({
      operation: 'ModifyDBInstance',
      account: central.account.account,
      as: 'throttle',
      times: 100,
    });
    const [{ outcome } = { outcome: '' }] = (await central.comeBack()).results;
    fault.cancel();
    expect(['deferred', 'incomplete', 'failed']).toContain(outcome);
    await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: id, SkipFinalSnapshot: true }));
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'resource-not-found', remediation }]);
  });
});

it('a message that names the remediation of another invisible resource does not continue it', async () => {
  const { central, remediation, create } = await unidentified('Security Hub');
  await create();
  const [schedule] = await central.schedules.list();
  const message = JSON.parse(schedule?.input ?? '{}');
  const other = message.finding.resource.reported.arn.replace('orders', 'ledger');
  await central.account
    .client(RDSClient)
    .send(new CreateDBInstanceCommand({ DBInstanceIdentifier: 'ledger', DBInstanceClass: 'db.t3.micro', Engine: 'mysql' }));
  message.finding.resource.reported.arn = other;
  const { results } = await central.send(message);
  expect(results).toMatchObject([{ outcome: 'fixed', resource: expect.stringContaining('db:ledger') }]);
  expect(results[0]?.remediation).not.toBe(remediation);
  expect((await central.trail(remediation)).map(({ kind }) => kind)).toEqual(['deferred']);
});
