import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LogEvent, Outcome } from '../../functions/log/event';
import { publishedOutcomes } from '../../functions/log/published-outcomes';
import { outcomeEvent } from '../../functions/outcomes/outcome-event';
import { outcomeEventShape } from '../../functions/outcomes/outcome-schema';
import { publishOutcome } from '../../functions/outcomes/publish-outcome';
import { type Policy, policy } from '../../functions/policy/policy';
import { logged, told } from './logged';
import { eventSchema, publishedSchema } from './schema';

const fresh = policy.parse({});
const changes: LogEvent['changes'] = [
  {
    do: { service: 's3', operation: 'PutBucketPolicy', input: { Bucket: 'reports', Policy: 'a secret' } },
    undo: { service: 's3', operation: 'DeleteBucketPolicy', input: { Bucket: 'reports' } },
  },
];
const plan = 'c'.repeat(64);
const until = '2026-12-01T09:00:00.000Z';
const roundTrip = (value: unknown) => outcomeEventShape.parse(JSON.parse(JSON.stringify(value)));

describe('the event of an outcome', () => {
  it.each(publishedOutcomes)('validates, and holds all that was given, for %s', (outcome) => {
    const event = outcomeEvent(told({ outcome: outcome as Outcome, changes, decision: ['mode: fix'], until, plan }), fresh);
    expect(roundTrip(event)).toEqual(event);
    expect(event).toMatchObject({
      version: '1',
      outcome,
      remediation: '01JDA0000000000000000000AB',
      resource: { arn: 'arn:aws:s3:::reports' },
    });
  });

  it.each(['approved', 'rejected', 'approval-refused'] as const)('tells that a plan was %s', (kind) => {
    const { outcome: _, ...event } = logged({ kind });
    expect(outcomeEvent({ ...told(), event }, fresh).outcome).toBe(kind);
  });

  it('carries the code of the reason, and none where there is none', () => {
    const event = outcomeEvent(told({ kind: 'skipped', outcome: 'unfixable', code: 'no-https-listener' }), fresh);
    expect(roundTrip(event)).toMatchObject({ outcome: 'unfixable', code: 'no-https-listener' });
    expect(outcomeEvent(told(), fresh)).not.toHaveProperty('code');
  });

  it('is not made of an event that ends nothing', () => {
    const { outcome: _, ...event } = logged({ kind: 'planned' });
    expect(() => outcomeEvent({ ...told(), event }, fresh)).toThrow('The planned event of 01JDA0000000000000000000AB has no outcome');
  });

  it('takes the decision, the changes and the times from where they were logged, and never what a call holds', () => {
    const earlier = [
      logged({
        sequence: 2,
        hash: '2'.repeat(64),
        kind: 'planned',
        changes,
        decision: ['mode: fix, by modes.clauses[0]'],
        times: { decided: '2026-11-24T09:00:01.000Z' },
      }),
      logged({ sequence: 3, hash: '3'.repeat(64), kind: 'applied', times: { applied: '2026-11-24T09:00:02.000Z' } }),
    ];
    const event = outcomeEvent(told({}, { earlier }), fresh);
    expect(event.changes).toEqual(['s3:PutBucketPolicy']);
    expect(event.decision).toEqual(['mode: fix, by modes.clauses[0]']);
    expect(event.times).toEqual({
      detected: '2026-11-24T08:59:00.000Z',
      received: '2026-11-24T09:00:00.000Z',
      decided: '2026-11-24T09:00:01.000Z',
      applied: '2026-11-24T09:00:02.000Z',
      verified: '2026-11-24T09:00:05.000Z',
    });
    expect(JSON.stringify(event)).not.toContain('a secret');
  });

  it('says what waits for an approval, and until when', () => {
    expect(outcomeEvent(told({ kind: 'approval-requested', outcome: 'awaiting-approval', plan, until }), fresh)).toMatchObject({
      approval: { hash: plan, expires: until },
    });
    expect(outcomeEvent(told({ outcome: 'fixed', plan, until }), fresh)).not.toHaveProperty('approval');
  });

  it('says when a deferred one comes again, and what put it off', () => {
    const decision = ['mode: fix', 'grace: the owner has 4 hours -> defer', 'window: nights: closed -> defer', 'window: more -> defer'];
    const event = outcomeEvent(told({ kind: 'deferred', outcome: 'deferred', until, decision }), fresh);
    expect(event).toMatchObject({ until, deferredBy: ['grace', 'window'] });
    expect(event).not.toHaveProperty('approval');
  });

  it('tells the owner, what owns the resource, and of the other tags those that a topic is about', () => {
    const asking: Policy = policy.parse({
      notifications: { ownerTag: 'team', topics: [{ topic: 'arn:aws:sns:eu-west-1:111122223333:posture-data', tags: { domain: 'data' } }] },
    });
    const tags = { team: 'payments', domain: 'data', password: 'hunter2', 'aws:cloudformation:stack-name': 'reports' };
    const event = outcomeEvent(told({}, { tags }), asking);
    expect(event).toMatchObject({ owner: 'payments', ownedBy: 'The CloudFormation stack reports', tags: { domain: 'data' } });
    expect(JSON.stringify(event)).not.toContain('hunter2');
  });

  it('tells no owner where the tags were not read, nor of an inherited property', () => {
    expect(outcomeEvent(told(), fresh)).not.toHaveProperty('tags');
    const named = policy.parse({ notifications: { ownerTag: 'constructor' } });
    expect(outcomeEvent(told({}, { tags: {} }), named)).not.toHaveProperty('owner');
  });

  it('fits in what EventBridge takes, however much there is, and says what it left out', () => {
    const huge = '\u{10ffff}"\\\u202e\n'.repeat(4000);
    const event = outcomeEvent(
      told(
        {
          reason: huge,
          finding: huge,
          source: huge,
          detectedBy: huge,
          resource: huge,
          resourceType: huge,
          actor: huge,
          decision: Array.from({ length: 70 }, () => `${huge} -> defer`),
          changes: Array.from({ length: 300 }, () => ({ do: { service: huge, operation: huge, input: {} }, irreversible: huge })),
          outcome: 'deferred',
          until,
        },
        { tags: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, huge])), ownedBy: huge },
      ),
      policy.parse({
        notifications: {
          ownerTag: 'k0',
          topics: Array.from({ length: 50 }, (_, index) => ({
            topic: 'arn:aws:sns:eu-west-1:111122223333:posture-a',
            tags: { [`k${index}`]: '*' },
          })),
        },
      }),
    );
    expect(roundTrip(event)).toEqual(event);
    expect(event.omitted).toEqual({ decision: 20, changes: 200 });
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(256 * 1024);
    expect(JSON.stringify(event)).not.toMatch(/[\n\u202e]|\\n/);
  });
});

describe('telling', () => {
  it('tells by the policy, and tells all the same where the policy can not be read', async () => {
    const put = jest.fn(async () => undefined);
    const own = policy.parse({ notifications: { ownerTag: 'team' } });
    const tags = { team: 'payments', owner: 'ann' };
    await publishOutcome(put, async () => own)(told({}, { tags }));
    await publishOutcome(put, async () => Promise.reject(new Error('AppConfig is away')))(told({}, { tags }));
    expect(put.mock.calls).toMatchObject([[{ owner: 'payments' }], [{ owner: 'ann' }]]);
  });
});

describe('the published schema', () => {
  it('takes the example of the page that tells of it', () => {
    const page = readFileSync(path.resolve(__dirname, '../../functions/outcomes/README.md'), 'utf8');
    const [, example = ''] = /```json\n(.+?)```/s.exec(page) ?? [];
    const { detail } = JSON.parse(example);
    expect(outcomeEventShape.parse(detail)).toEqual(detail);
  });

  it('is the one of the code', () => {
    expect(publishedSchema()).toEqual(eventSchema());
  });
});
