import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { hours } from '../../functions/duration';
import { makeReport } from '../../functions/report/make-report';
import { watchHandler } from '../../functions/watch/handler';
import type { Rule } from '../../rules/rule';
import access from '../../rules/s3/bucket-public-access-blocked';
import versioning from '../../rules/s3/bucket-versioning-enabled';
import { recordedCallEvent } from '../events/cloudtrail';
import { remediationRequested } from '../events/request';
import { securityHubImported } from '../events/security-hub';
import { guardDutyFinding } from '../events/service-finding';
import { badBucket } from '../guardrails/bucket';
import { bob, type Central, useCentral } from '../guardrails/central';

const { open } = useCentral();
const rules = [versioning, access] as unknown as readonly Rule[];
const [versions, blocked] = rules as readonly [Rule, Rule];
const policy = { modes: { default: 'fix', clauses: [{ mode: 'fix', rules: [access.id] }] }, approvals: { fourEyes: false } };
const siemRole = 'arn:aws:iam::111122223333:role/tools/Siem';

async function central(more: object = {}) {
  const opened = await open({ rules });
  await opened.deploy({ ...policy, ...more });
  const bucket = await badBucket(opened.account);
  const { account, region } = opened.account;
  return {
    opened,
    bucket,
    place: { account, region },
    arn: `arn:aws:s3:::${bucket}`,
    /** A change in the history of CloudTrail. */
    changed: (eventName: string, eventTime: string) =>
      opened.emulator.gateway.cloudTrail.record({
        ...{ account, region, resourceName: bucket },
        event: { eventName, eventTime, userIdentity: { arn: bob }, userAgent: 'Mozilla/5.0' },
      }),
    async send(event: unknown, rule = versions) {
      const { results, refusals } = await opened.send(event, rule);
      expect({ refusals, outcomes: results.map(({ outcome }) => outcome) }).toEqual({ refusals: [], outcomes: ['fixed'] });
      return opened.trail(results[0]?.remediation ?? '');
    },
  };
}

type Opened = Awaited<ReturnType<typeof central>>;

const reported = ({ arn, place, opened }: Opened, firstObservedAt = opened.clock.now().toISOString()) =>
  securityHubImported({ control: 'S3.14', resource: { type: 'AWS::S3::Bucket', arn }, ...place, firstObservedAt }, place);

/** The times and groups of a report on the last month. */
async function reportOf({ account, clock }: Central) {
  const now = clock.now();
  const span = { since: now.getTime() - hours(720), until: now.getTime() };
  const source = {
    dynamo: account.client(DynamoDBClient),
    table: 'posture-log',
    log: 'arn:aws:dynamodb:eu-central-1:111122223333:table/posture-log',
    rules,
    now,
    version: '1',
  };
  const { numbers } = await makeReport({ span }, source);
  const { detect, exposure } = numbers.all.times;
  return { detect, exposure, says: numbers.byOccurrence.map(({ key }) => key) };
}

const only = (milliseconds: number) => ({ n: 1, unknown: 0, median: milliseconds, p90: milliseconds });
const unknown = { n: 0, unknown: 1 };

/** Expects the report to have the time that the log has, of the one fix, and no other. */
async function expectOccurred({ opened }: Opened, trail: Awaited<ReturnType<Central['trail']>>, occurred: string, occurrence: object) {
  const stating = trail.filter(({ times }) => times?.occurred !== undefined);
  expect(stating.length).toBeGreaterThan(0);
  for (const event of stating) expect(event).toMatchObject({ times: { occurred }, occurrence });
  const { detected = '', verified = '' } = trail.find(({ kind }) => kind === 'verified')?.times ?? {};
  expect(await reportOf(opened)).toEqual({
    detect: only(Date.parse(detected) - Date.parse(occurred)),
    exposure: only(Date.parse(verified) - Date.parse(occurred)),
    says: [(occurrence as { as: string }).as],
  });
  const times = opened.told().flatMap((one) => one.times.occurred ?? []);
  expect(new Set(times)).toEqual(new Set([occurred]));
}

async function expectUnknown({ opened }: Opened, trail: Awaited<ReturnType<Central['trail']>>) {
  expect(trail.filter(({ times, occurrence }) => times?.occurred !== undefined || occurrence !== undefined)).toEqual([]);
  expect(await reportOf(opened)).toEqual({ detect: unknown, exposure: unknown, says: ['unknown'] });
}

/** What the watch hands to the function of versioning after the call. */
async function watched({ opened, bucket, place }: Opened, call: string, eventTime: string) {
  process.env.AWS_REGION = place.region;
  const event = recordedCallEvent('s3', call, { requestParameters: { bucketName: bucket } }, { ...place, detail: { eventTime } });
  await watchHandler(rules, opened.clock)({ Records: [{ messageId: 'm', body: JSON.stringify(event) }] as never }, {} as Context);
  return opened.messages().find(({ function: name }) => name === `posture-rule-${versions.id}`)?.event;
}

describe('when a misconfiguration came about', () => {
  it('is when GuardDuty saw the activity first', async () => {
    const given = await central();
    const [type = ''] = [blocked.detectedBy.guardDuty ?? []].flat().flatMap(({ types }) => types);
    const trail = await given.send(
      guardDutyFinding({ type, ...given.place, resource: { type: 'AWS::S3::Bucket', arn: given.arn } }),
      blocked,
    );
    await expectOccurred(given, trail, '2026-11-20T09:21:00.000Z', { as: 'activity' });
  });

  it('is what a tool says that requests the remediation', async () => {
    const given = await central({ requesters: { siem: { principals: [siemRole], rules: ['s3-*'], mode: 'fix' } } });
    const event = remediationRequested({ rule: versions.id, arn: given.arn, ...given.place, time: given.opened.clock.now().toISOString() });
    const occurredAt = '2026-11-24T10:00:00Z';
    const trail = await given.send({ ...event, detail: { ...event.detail, occurredAt } });
    await expectOccurred(given, trail, '2026-11-24T10:00:00.000Z', { as: 'stated' });
  });

  it.each(['CreateBucket', 'PutBucketVersioning'])('is when CloudTrail recorded %s, after which the watch looked', async (call) => {
    const given = await central();
    const trail = await given.send(await watched(given, call, '2026-11-24T12:00:30Z'));
    await expectOccurred(given, trail, '2026-11-24T12:00:30.000Z', { as: 'change', call });
  });

  it('is the last change in the history of CloudTrail that could have brought it about, which is looked up for its owner', async () => {
    const given = await central();
    given.changed('PutBucketVersioning', '2026-11-24T09:00:00Z');
    const trail = await given.send(reported(given));
    expect(given.opened.emulator.gateway.calls.filter(({ operation }) => operation === 'LookupEvents')).toHaveLength(1);
    await expectOccurred(given, trail, '2026-11-24T09:00:00.000Z', { as: 'change', call: 'PutBucketVersioning' });
  });

  it('is logged with the request of an approval', async () => {
    const given = await central({ modes: { default: 'ask' } });
    given.changed('CreateBucket', '2026-11-24T09:00:00Z');
    const { results } = await given.opened.send(reported(given), versions);
    const [asked] = await given.opened.trail(results[0]?.remediation ?? '');
    expect(asked).toMatchObject({ outcome: 'awaiting-approval', times: { occurred: '2026-11-24T09:00:00.000Z' } });
  });

  it.each([
    ['nothing is recorded', '', ''],
    ['the last call could not have brought it about', 'PutBucketPolicy', '2026-11-24T09:00:00Z'],
    ['the last change came after the detection', 'PutBucketVersioning', '2026-11-24T12:00:40Z'],
  ])('is unknown where %s', async (_, call, at) => {
    const given = await central();
    if (call !== '') given.changed(call, at);
    await expectUnknown(given, await given.send(reported(given, '2026-11-24T12:00:10.000Z')));
  });

  it('is unknown where the watch looked after a call that has nothing to do with it', async () => {
    const given = await central();
    await expectUnknown(given, await given.send(await watched(given, 'PutBucketAcl', '2026-11-24T12:00:30Z')));
  });

  it.each([
    ['later than the detection', { at: '2026-11-24T13:00:00Z', call: 'CreateBucket' }],
    ['before there was AWS', { at: '1999-01-01T00:00:00Z', call: 'CreateBucket' }],
  ])('is unknown where whoever invokes the function says that it is %s', async (_, change) => {
    const given = await central();
    const event = (await watched(given, 'CreateBucket', '2026-11-24T12:00:30Z')) as { readonly detail: object };
    await expectUnknown(given, await given.send({ ...event, detail: { ...event.detail, change } }));
  });

  it('can not be claimed by a source that does not know it', async () => {
    const given = await central();
    const event = (await watched(given, 'CreateBucket', '2026-11-24T12:00:30Z')) as { readonly detail: object };
    const sweep = { ...event, source: 'posture.sweep', 'detail-type': 'Posture Sweep Finding' };
    await expectUnknown(given, await given.send(sweep));
  });
});
