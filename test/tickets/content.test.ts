import type { LoggedChange } from '../../functions/log/event';
import { outcomeEvent } from '../../functions/outcomes/outcome-event';
import { policy } from '../../functions/policy/policy';
import { tickets as policyShape } from '../../functions/policy/tickets';
import { markOf } from '../../functions/ticket-records/mark';
import { draftOf } from '../../functions/tickets/content';
import type { Document } from '../../functions/tickets/document';
import { plain } from '../../functions/tickets/markup/plain';
import { told } from '../outcomes/logged';
import { eventOf, openDesk } from './desk';

const tracker = { vendor: 'github', url: 'https://api.github.com', project: 'acme/security', secret: 'posture/github' };
const settings = (over: object = {}) => policyShape.parse({ tracker, ...over });
const central = { partition: 'aws', region: 'eu-west-1' };
const shown = (body: Document) => plain(body, 'posture-0123456789abcdef');
const draft = (event = eventOf(), over: object = {}, changes: readonly LoggedChange[] = []) =>
  draftOf(event, settings(over), { changes, central, answers: false });
const change: LoggedChange = {
  do: { service: 's3', operation: 'PutBucketVersioning', input: { Bucket: 'reports', VersioningConfiguration: { Status: 'Enabled' } } },
  undo: { service: 's3', operation: 'PutBucketVersioning', input: { Bucket: 'reports', VersioningConfiguration: { Status: 'Suspended' } } },
};

describe('a ticket', () => {
  it('says what is wrong, where, since when, how severe, by which controls and requirements, what was changed, and how to roll it back', () => {
    const text = shown(draft(eventOf({ outcome: 'unverified', changes: ['s3:PutBucketPolicy'] })).body);
    for (const part of [
      'Expected: S3 buckets accept only requests over TLS.',
      'Resource: arn:aws:s3:::reports',
      'Location: account 111122223333, eu-west-1',
      'Detected since: 2026-11-24T08:59:00.000Z',
      'Severity: medium',
      'Controls of Security Hub: S3.5',
      'AWS Foundational Security Best Practices: S3.5',
      'CIS AWS Foundations Benchmark 3.0.0: 2.1.1',
      'PCI DSS 3.2.1: 4.1',
      'API calls: s3:PutBucketPolicy',
      'posture rollback 01JDA0000000000000000000AB --deployed --why "..."',
      'Exempt the resource',
    ])
      expect(text).toContain(part);
  });

  it('says the deadline of an approval, and the commands that answer it, with the hash of the plan', () => {
    const approval = { hash: 'a'.repeat(64), expires: '2026-12-01T09:00:00.000Z' };
    const text = shown(draft(eventOf({ outcome: 'awaiting-approval', approval })).body);
    expect(text).toContain('Approval until: 2026-12-01T09:00:00.000Z');
    expect(text).toContain(`posture approve 01JDA0000000000000000000AB --plan ${'a'.repeat(16)}`);
    expect(text).toContain('posture reject 01JDA0000000000000000000AB --why "..."');
  });

  it('says how to answer in it, where answers are received and a plan waits', () => {
    const approval = { hash: 'a'.repeat(64), expires: '2026-12-01T09:00:00.000Z' };
    const asking = eventOf({ outcome: 'awaiting-approval', approval });
    const answered = (event = asking, answers = true) => shown(draftOf(event, settings(), { changes: [], central, answers }).body);
    expect(answered()).toContain(`/posture approve ${'a'.repeat(16)}`);
    expect(answered()).toContain(`/posture reject ${'a'.repeat(16)} because ...`);
    expect([answered(asking, false), answered(eventOf())].join()).not.toContain('/posture approve');
  });

  it('names the stack, the logical id and the property of a resource that a template creates', () => {
    const tags = { 'aws:cloudformation:stack-name': 'web', 'aws:cloudformation:logical-id': 'Reports' };
    const notice = told({}, { tags, rule: { ...told().rule, property: 'VersioningConfiguration.Status' } });
    const event = outcomeEvent(notice, policy.parse({}));
    expect(event.template).toEqual({ stack: 'web', logicalId: 'Reports', property: 'VersioningConfiguration.Status' });
    expect(shown(draft(event).body)).toMatch(/Stack: web\nLogical ID: Reports\nProperty: VersioningConfiguration\.Status/);
    expect(outcomeEvent(told({}, { tags: { stage: 'prod' } }), policy.parse({})).template).toBeUndefined();
  });

  it('shows the calls with their parameters, and those of the rollback', () => {
    const text = shown(draft(eventOf(), {}, [change, { do: change.do, irreversible: 'It is deleted.' }]).body);
    expect(text).toMatch(/Change: s3:PutBucketVersioning\n-+\n\n\{\n {2}"Bucket": "reports"/);
    expect(text).toMatch(/Rollback: s3:PutBucketVersioning\n-+\n\n[\s\S]+"Suspended"/);
    expect(text).toContain('It cannot be rolled back: It is deleted.');
  });

  it('has a title of one line that is no markup', () => {
    const arn = 'arn:aws:s3:::re\nports`@acme`';
    expect(draft(eventOf({ resource: { arn, type: 'AWS::S3::Bucket' } })).title).toBe(
      "S3 buckets accept only requests over TLS: arn:aws:s3:::re ports'＠acme' (111122223333, eu-west-1)",
    );
  });

  it('is of the owner that the tag names, then of the account, then of all', () => {
    const owners = { tags: { web: 'anna' }, accounts: { '111122223333': 'bert' }, default: 'carla' };
    const of = (owner: string | undefined, over: object = owners) =>
      draft(eventOf(owner === undefined ? {} : { owner }), { owners: over }).assignee;
    expect([of('web'), of('toString'), of(undefined), of(undefined, { default: 'carla' }), of('web', {})]).toEqual([
      'anna',
      'bert',
      'bert',
      'carla',
      undefined,
    ]);
  });
});

describe('the parameters of changes', () => {
  it('are in a ticket only if the policy shows them, and a log that can not be read keeps none back', async () => {
    const desk = await openDesk({ tickets: { changes: 'parameters' } });
    try {
      const of = (index: number) => ({
        outcome: 'failed' as const,
        changes: ['s3:PutBucketVersioning'],
        resource: { arn: `arn:aws:s3:::b-${index}`, type: 'AWS::S3::Bucket' },
      });
      desk.logged([change]);
      await desk.tell(of(1));
      desk.logged(new Error('AccessDenied'));
      await desk.tell(of(2));
      desk.policy({ changes: 'calls' });
      desk.logged([change]);
      await desk.tell(of(3));
      expect(desk.tickets().map(({ body }) => body.includes('"Suspended"'))).toEqual([true, false, false]);
      expect(desk.warnings).toEqual(['The changes are not in the ticket']);
    } finally {
      await desk.standIn.stop();
    }
  });
});

describe('the mark of a misconfiguration', () => {
  const mark = (arn: string, over: object = {}) => markOf(eventOf({ resource: { arn, type: 'T' }, ...over }));

  it('is the same in all Regions for a resource of a global service, and another for each rule', () => {
    const arn = 'arn:aws:iam::111122223333:role/r';
    expect(mark(arn)).toBe(mark(arn, { region: 'us-east-1' }));
    expect(mark(arn)).not.toBe(mark(arn, { rule: { ...eventOf().rule, id: 'iam-other' } }));
    expect(mark(arn)).toMatch(/^posture-[0-9a-f]{16}$/);
  });

  it.each(['AWS::::Account:111122223333', 'arn:aws:iam::111122223333:root'])('is another in each Region for a setting of %s', (arn) => {
    expect(mark(arn)).not.toBe(mark(arn, { region: 'us-east-1' }));
  });
});
