import { ListAccessKeysCommand } from '@aws-sdk/client-iam';
import keyRule from '../../rules/iam/user-access-key-deactivated';
import type { Rule } from '../../rules/rule';
import { guardDutyFinding } from '../events/service-finding';
import { keysOf, nameIn, uniqueIdOf, userWith } from '../rules/iam/user/seed';
import { approvers, bob, useCentral } from './central';
import { iamWorldOf } from './world-of';

const { open } = useCentral();
const policy = { modes: { default: 'fix' }, approvals: { fourEyes: false, approvers } };
const deactivated = keyRule as unknown as Rule;

async function twoStolenKeys(over: object = {}) {
  const central = await open({ rules: [deactivated] });
  await central.deploy({ ...policy, ...over });
  const world = iamWorldOf(central.account);
  const arn = await userWith({ path: '/finance/', keys: [{ created: 1 }, { created: 1 }] })(world);
  const principalId = await uniqueIdOf(world, arn);
  const ids = (await keysOf(world, arn)).map(({ AccessKeyId = '' }) => AccessKeyId);
  const event = (index: number) => {
    const { account, region } = central.account;
    const one = guardDutyFinding({
      type: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
      account,
      region,
      resource: { type: 'AWS::IAM::User', arn: '' },
    });
    const accessKeyDetails = { userName: nameIn(arn), userType: 'IAMUser', principalId, accessKeyId: ids[index] };
    return {
      ...one,
      detail: { ...one.detail, arn: `${one.detail.arn.slice(0, -1)}${index}`, resource: { resourceType: 'AccessKey', accessKeyDetails } },
    };
  };
  const active = async () => {
    const { AccessKeyMetadata = [] } = await world.send(new ListAccessKeysCommand({ UserName: nameIn(arn) }));
    return ids.map((id) => AccessKeyMetadata.find(({ AccessKeyId }) => AccessKeyId === id)?.Status === 'Active');
  };
  return { central, event, active, ids };
}

const frozen = [{ reason: 'release', from: '2026-11-24T00:00', to: '2026-11-24T18:00', timeZone: 'UTC' }];
const fixes = { responses: { clauses: [{ mode: 'fix', rules: [deactivated.id] }] } };

describe('the second stolen key of a user', () => {
  it('waits while the first one awaits approval, and is asked about then', async () => {
    const { central, event, active } = await twoStolenKeys();
    const [first] = (await central.send(event(0), deactivated)).results;
    const [second] = (await central.send(event(1), deactivated)).results;
    expect(second).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining('is about other credentials') });
    await central.order({ order: 'approve', remediation: first?.remediation ?? '' }, bob);
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
    expect(await active()).toEqual([false, true]);
    const { results } = await central.comeBack();
    expect(results).toMatchObject([{ outcome: 'awaiting-approval', remediation: second?.remediation }]);
    await central.order({ order: 'approve', remediation: second?.remediation ?? '' }, bob);
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
    expect(await active()).toEqual([false, false]);
  });

  it('is not deactivated on the approval for the first one', async () => {
    const { central, event, active, ids } = await twoStolenKeys();
    const [first] = (await central.send(event(0), deactivated)).results;
    await central.order({ order: 'approve', remediation: first?.remediation ?? '' }, bob);
    const message = central.messages()[0]?.event;
    // Whoever may invoke the function is faster, with another key.
    const forged = JSON.parse(JSON.stringify(message).replaceAll(ids[0] ?? '', ids[1] ?? ''));
    const { results } = await central.send(forged, deactivated);
    expect(await active()).toEqual([true, true]);
    expect(results[0]?.remediation).not.toBe(first?.remediation);
  });

  it('is not lost in a freeze in which the first one waits', async () => {
    const { central, event, active } = await twoStolenKeys({ ...fixes, freezes: frozen });
    const [first] = (await central.send(event(0), deactivated)).results;
    const [second] = (await central.send(event(1), deactivated)).results;
    expect([first?.outcome, second?.outcome]).toEqual(['deferred', 'deferred']);
    expect(second?.remediation).not.toBe(first?.remediation);
    await central.comeBack();
    central.clock.pass(3600);
    await central.due();
    expect(await active()).toEqual([false, false]);
  });

  it('is not lost while the response to the first one is half done', async () => {
    const { central, event, active } = await twoStolenKeys(fixes);
    const { account } = central.account;
    const { gateway } = central.emulator;
    // The change is made without an answer, and nobody can look whether it was.
    const faults = [
      gateway.fail({ operation: 'UpdateAccessKey', account, as: 'drop-answer', times: 6 }),
      gateway.fail({ operation: 'ListAccessKeys', account, as: 'access-denied', when: 3, times: 100 }),
    ];
    const [first] = (await central.send(event(0), deactivated)).results;
    expect(first).toMatchObject({ outcome: 'incomplete' });
    const [second] = (await central.send(event(1), deactivated)).results;
    expect(second).toMatchObject({ outcome: 'incomplete', remediation: first?.remediation });
    for (const fault of faults) fault.cancel();
    const results = [];
    while ((await central.schedules.list()).length > 0) results.push(...(await central.comeBack()).results);
    expect(results.map(({ outcome }) => outcome)).toEqual(['fixed', 'fixed']);
    expect(await active()).toEqual([false, false]);
  });
});
