import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { listContainments } from '../../functions/coordination/containment';
import type { Rule } from '../../rules/rule';
import lockRule from '../../rules/s3/bucket-locked';
import { resources } from '../events/resources';
import { guardDutyFinding } from '../events/service-finding';
import { guardDutyInCspm, guardDutyInV2 } from '../events/service-in-hubs';
import { badBucket, isKept } from './bucket';
import { approvers, bob, type Central, plantedRule, unbounded, useCentral } from './central';

const { open } = useCentral();
const policy = { ...unbounded, modes: { default: 'fix' }, approvals: { fourEyes: false, approvers } };
const type = 'Policy:S3/BucketBlockPublicAccessDisabled';
const rule: Rule = { ...plantedRule, detectedBy: { ...plantedRule.detectedBy, guardDuty: { types: [type] } } };
const locked = lockRule as unknown as Rule;
type Feed = 'native' | 'cspm' | 'v2';

type Finding = Readonly<Record<string, unknown>> & {
  readonly Id: string;
  readonly ProductArn: string;
  readonly metadata: { readonly uid: string };
};

/** A bucket about which GuardDuty reports in three ways; both hubs hold the finding. */
async function attacked(own: Rule, threat: string, more: object = {}) {
  const central = await open({ rules: [own] });
  await central.deploy({ ...policy, ...more });
  const name = await badBucket(central.account);
  const { account, region } = central.account;
  const about = { account, region, type: threat, resource: { ...resources().bucket, arn: `arn:aws:s3:::${name}` } };
  const events: Readonly<Record<Feed, ReturnType<typeof guardDutyInCspm> | ReturnType<typeof guardDutyFinding>>> = {
    native: guardDutyFinding(about),
    cspm: guardDutyInCspm(about),
    v2: guardDutyInV2(about),
  };
  const held = (feed: 'cspm' | 'v2') => (events[feed].detail as unknown as { readonly findings: readonly [Finding] }).findings[0];
  const { securityHub, securityHubV2 } = central.emulator.gateway;
  const hold = (change: object = {}) => {
    securityHub.seed({ account, region }, { ...held('cspm'), ...change });
    securityHubV2.seed({ account, region }, { ...held('v2'), ...change });
  };
  hold();
  return { central, name, events, hold };
}

const toldTo = ({ account, emulator: { gateway } }: Central) => ({
  cspm: gateway.securityHub.updates.filter((one) => one.account === account.account).map(({ change }) => change),
  v2: gateway.securityHubV2.updates.filter((one) => one.account === account.account).map(({ change }) => change),
});

const note = expect.stringContaining('The service that reported it updates or archives it.');

describe('the hub that sent a finding of a service is told of its end, and no other', () => {
  it.each([
    ['native', { cspm: [], v2: [] }],
    ['cspm', { cspm: [{ Workflow: { Status: 'NOTIFIED' }, Note: { Text: note, UpdatedBy: 'posture-remediator' } }], v2: [] }],
    ['v2', { cspm: [], v2: [{ StatusId: 2, Comment: note }] }],
  ] as const)('%s', async (feed, told) => {
    const { central, name, events } = await attacked(rule, type);
    const [result] = (await central.send(events[feed], rule)).results;
    expect(result).toMatchObject({ outcome: 'fixed' });
    expect(await isKept(central.account, name)).toBe(true);
    expect(await central.trail(result?.remediation ?? '')).toMatchObject([{ source: 'guardduty', detectedBy: type }, {}]);
    expect(toldTo(central)).toEqual(told);
    // It has no verdict there that could be asked for.
    expect(await central.looks()).toEqual([]);
  });

  it('and the fix counts although the hub does not take the update, with HTTP 200', async () => {
    const { central, events } = await attacked(rule, type);
    const unknown = structuredClone(events.v2);
    Object.assign(Reflect.get((unknown.detail as unknown as { findings: [object] }).findings[0], 'metadata') as object, {
      uid: 'f'.repeat(64),
    });
    expect((await central.send(unknown, rule)).results).toMatchObject([{ outcome: 'fixed' }]);
    expect(toldTo(central)).toEqual({ cspm: [], v2: [] });
  });
});

describe('what a person suppressed in the hub that sent the finding is left alone', () => {
  it.each(['cspm', 'v2'] as const)('%s', async (feed) => {
    const { central, name, events, hold } = await attacked(rule, type);
    hold({ Workflow: { Status: 'SUPPRESSED' }, status_id: 3 });
    expect((await central.send(events[feed], rule)).results).toMatchObject([
      { outcome: 'suppressed', reason: expect.stringContaining('is SUPPRESSED in Security Hub') },
    ]);
    expect(await isKept(central.account, name)).toBe(false);
  });
});

const orders: readonly (readonly Feed[])[] = [
  ['native', 'cspm', 'v2'],
  ['native', 'v2', 'cspm'],
  ['cspm', 'native', 'v2'],
  ['cspm', 'v2', 'native'],
  ['v2', 'native', 'cspm'],
  ['v2', 'cspm', 'native'],
];

describe('a threat that arrives by all three ways is one remediation, one message with one ticket, and one containment', () => {
  const responders = ['arn:aws:iam::444455556666:role/Responder'];
  const threat = () => attacked(locked, 'Impact:S3/MaliciousIPCaller', { parameters: [{ rules: [locked.id], values: { responders } }] });

  async function expectOne({ central, name, events }: Awaited<ReturnType<typeof threat>>) {
    // Tickets and messages are opened by what is told: a repeated request opens none.
    const asked = central.told().filter(({ outcome, repeated }) => outcome === 'awaiting-approval' && !repeated);
    expect(asked).toHaveLength(1);
    const [{ remediation } = { remediation: '' }] = asked;
    await central.order({ order: 'approve', remediation }, bob);
    await central.delivered();
    for (const event of Object.values(events))
      expect((await central.send(event, locked)).results).toMatchObject([{ outcome: 'already-compliant' }]);
    const told = central.told();
    expect(told.filter(({ outcome }) => outcome === 'fixed')).toMatchObject([{ remediation }]);
    // Nobody is notified of anything else.
    expect(told.filter(({ outcome, notify }) => notify && outcome !== 'awaiting-approval' && outcome !== 'fixed')).toEqual([]);
    const contained = await listContainments(central.account.client(DynamoDBClient), 'posture-coordination', central.clock);
    expect(contained.filter(({ resource }) => resource.endsWith(name))).toMatchObject([{ rule: locked.id, remediation }]);
  }

  it.each(orders.map((order) => [order.join(', '), order] as const))('%s', async (_, order) => {
    const one = await threat();
    for (const feed of order) {
      expect((await one.central.send(one.events[feed], locked)).results).toMatchObject([{ outcome: 'awaiting-approval' }]);
      one.central.clock.pass(30);
    }
    await expectOne(one);
  });

  it('all at once', async () => {
    const one = await threat();
    await Promise.all(Object.values(one.events).map((event) => one.central.send(event, locked)));
    await expectOne(one);
  });
});

describe('the policy chooses how findings of services are heard', () => {
  it.each([
    ['all, by default', undefined, ['native', 'cspm', 'v2']],
    ['native', 'native', ['native']],
    ['cspm', 'cspm', ['cspm']],
    ['v2', 'v2', ['v2']],
  ] as const)('%s', async (_, serviceFindings, heard) => {
    const { central, events } = await attacked(rule, type, serviceFindings && { serviceFindings });
    for (const [feed, event] of Object.entries(events)) {
      const { results, refusals } = await central.send(event, rule);
      if (heard.includes(feed as never)) expect(results).toHaveLength(1);
      else expect({ results, refusals }).toMatchObject({ results: [], refusals: [{ kind: 'ignored', code: 'other-feed' }] });
    }
  });
});
