import { publishedOutcomes } from '../../functions/log/published-outcomes';
import { chat, digestChat } from '../../functions/notify/chat';
import { digestEmail, email } from '../../functions/notify/email';
import { outcomeEvent } from '../../functions/outcomes/outcome-event';
import type { OutcomeEvent } from '../../functions/outcomes/outcome-schema';
import { policy } from '../../functions/policy/policy';
import { told } from '../outcomes/logged';

const base = outcomeEvent(told(), policy.parse({}));
const central = { partition: 'aws', region: 'eu-central-1' };
const asked: OutcomeEvent = {
  ...base,
  outcome: 'awaiting-approval',
  reason: 'One change can not be undone.',
  changes: ['s3:PutBucketPolicy'],
  approval: { hash: 'c'.repeat(64), expires: '2026-12-01T09:00:00.000Z' },
  owner: 'payments',
};
const hostile: OutcomeEvent = {
  ...asked,
  resource: { arn: 'arn:aws:s3:::x\nNext steps\n  posture approve EVIL', type: 'AWS::S3::Bucket' },
  reason: '<!channel> @here [click](https://evil.example) `rm` *bold* <@U1>',
  owner: '\u202eevil\u0000 www.evil.example',
};
const digest = {
  minute: '2026-11-24T09:00',
  beyond: 3,
  counts: [{ what: 'a-rule fixed', count: 3 }],
  lines: ['one @here', 'two', 'three'],
};

describe('a mail', () => {
  it('says what, where, why, and the next steps', () => {
    const { subject, body } = email(asked, central);
    expect(subject).toBe('Approval required: s3-bucket-tls-required in 111122223333 eu-west-1, reports');
    for (const line of [
      /^Resource: +arn:aws:s3:::reports$/m,
      /^Location: +account 111122223333, eu-west-1$/m,
      /^Reason: +One change can not be undone\.$/m,
      /^Impact: +Requests over plain HTTP are denied\.$/m,
      /^Owner: +payments$/m,
      /^Documentation: +docs\/operate\.md#approve-and-reject-plans$/m,
      /^Approval until: +2026-12-01T09:00:00\.000Z$/m,
      /^ {4}posture approve 01JDA0000000000000000000AB --plan c{16}$/m,
      /^ {4}posture reject 01JDA0000000000000000000AB --why "\.\.\."$/m,
      /^Finding in Security Hub: https:\/\/eu-west-1\.console\.aws\.amazon\.com\/securityhub\/home\?region=eu-west-1#/m,
      /^Audit log: https:\/\/eu-central-1\.console\.aws\.amazon\.com\/dynamodbv2\//m,
    ])
      expect(body).toMatch(line);
    expect(email({ ...asked, outcome: 'fixed' }, central).body).not.toContain('Impact:');
    expect(email({ ...asked, outcome: 'fixed' }, central).body).toContain(
      '    posture rollback 01JDA0000000000000000000AB --deployed --why "..."\n',
    );
    expect(email({ ...asked, partition: 'aws-cn', region: 'cn-north-1' }, central).body).toContain(
      'https://cn-north-1.console.amazonaws.cn/',
    );
  });

  it('says which tool requested it, for which ticket', () => {
    const { body } = email({ ...asked, source: 'custom', requester: 'siem', reference: 'ALERT-2041' }, central);
    expect(body).toMatch(/^Requested by: +siem, reference ALERT-2041$/m);
    expect(body).not.toContain('Finding in Security Hub');
    expect(email({ ...asked, source: 'custom', requester: 'siem' }, central).body).toMatch(/^Requested by: +siem$/m);
    expect(email(asked, central).body).not.toContain('Requested by');
  });

  it('names only what there is: a request about everything has no detector, and a refused approval can be for a finished plan', () => {
    expect(email({ ...base, outcome: 'stopped', detectedBy: 'none', source: 'control' }, central).body).not.toContain('Detected by');
    const account = { arn: `AWS::::Account:${base.account}`, type: 'AWS::::Account' };
    expect(email({ ...base, outcome: 'fixed', resource: account }, central).subject).toBe(
      'Fixed: s3-bucket-tls-required in 111122223333 eu-west-1',
    );
    const { body } = email({ ...base, outcome: 'approval-refused' }, central);
    expect(body).toContain('  List the plans that await approval:\n    posture approvals\n');
  });

  it('names the code of the reason, and offers to force a rollback only if the resource has changed since', () => {
    const refused = (code: string) => email({ ...base, outcome: 'rollback-refused', code }, central).body;
    expect(refused('changed-since')).toMatch(/^Code: +changed-since$/m);
    expect(refused('changed-since')).toContain('posture rollback 01JDA0000000000000000000AB --deployed --force --why "..."');
    expect(refused('not-found')).toMatch(/^Code: +not-found$/m);
    expect(refused('not-found')).not.toContain('--force');
  });

  it('says what is left to do where a part is fixed', () => {
    const rest = email({ ...asked, outcome: 'partly-fixed' }, central);
    expect([rest.subject, rest.body]).toEqual([
      expect.stringMatching(/the rest requires approval/),
      expect.stringContaining('posture approve'),
    ]);
    const { approval: _, ...done } = asked;
    const byHand = email({ ...done, outcome: 'partly-fixed' }, central);
    expect(byHand.body).toMatch(/^Partly fixed: the rest must be fixed manually\.$/m);
    expect(byHand.body).not.toContain('posture approve');
  });

  it('tells the owner of a grace period what is to be done until when', () => {
    const until = '2026-11-25T09:00:00.000Z';
    const { subject, body } = email({ ...base, outcome: 'deferred', deferredBy: ['grace'], until }, central);
    expect(subject).toMatch(/^Grace period: the owner can fix it until the deadline: s3-bucket-tls-required in 111122223333/);
    expect(body).toMatch(/^Deadline: +2026-11-25T09:00:00\.000Z$/m);
    expect(body).toMatch(/^Impact: +Requests/m);
    expect(body).toContain('  Fix the resource before the deadline. After that, the policy applies.');
  });

  it.each(publishedOutcomes)('has a subject that SNS takes, and says how to read on, for %s', (outcome) => {
    const { subject, body } = email({ ...hostile, outcome, rule: { ...base.rule, id: 'r'.repeat(90) } }, central);
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(body).toContain('posture log --remediation 01JDA0000000000000000000AB');
  });

  it('lets nothing from outside break out of its line', () => {
    const { body } = email(hostile, central);
    expect(body.match(/^Next steps$/gm)).toHaveLength(1);
    expect(body).not.toMatch(/^ +posture approve EVIL/m);
    for (const text of ['https://evil', 'www.evil', '\u202e', '\u0000']) expect(body).not.toContain(text);
  });
});

describe('a message for a chat', () => {
  const parsed = (event: OutcomeEvent) => JSON.parse(chat(event, central, 'e1').body);

  it('is a custom notification, in the thread of its remediation', () => {
    expect(parsed(asked)).toMatchObject({
      version: '1.0',
      source: 'custom',
      id: 'e1',
      content: {
        textType: 'client-markdown',
        title: 'Approval required: s3-bucket-tls-required',
        keywords: ['awaiting-approval', 's3-bucket-tls-required', 'medium', '111122223333', 'eu-west-1'],
      },
      metadata: { threadId: '01JDA0000000000000000000AB', relatedResources: ['arn:aws:s3:::reports'] },
    });
    expect(parsed(asked).content.nextSteps).toContain('Approve: `posture approve 01JDA0000000000000000000AB --plan cccccccccccccccc`');
  });

  it('mentions nobody, links nothing and formats nothing that comes from outside', () => {
    const { content, metadata } = parsed(hostile);
    const [given] = content.description.split('\n').filter((line: string) => line.startsWith('*Reason:*'));
    expect(given.slice('*Reason:*'.length)).not.toMatch(/[<>@`*[\]]|:\/\//);
    expect(content.description).not.toContain('\nNext steps');
    expect(JSON.stringify(metadata)).not.toMatch(/[<>@]/);
  });

  it('stays in its bounds, however long the parts are', () => {
    const long = {
      ...asked,
      reason: 'x'.repeat(9000),
      changes: Array.from({ length: 100 }, () => 'y'.repeat(150)),
      finding: 'z'.repeat(2000),
    };
    const { content } = parsed(long);
    expect(content.description.length).toBeLessThanOrEqual(3500);
    for (const step of content.nextSteps) expect(step.length).toBeLessThanOrEqual(340);
  });
});

describe('a digest', () => {
  it('tells the counts and the first lines, by mail and in a chat', () => {
    expect(digestEmail(digest).subject).toBe('3 more outcomes in the minute of 2026-11-24T09:00 UTC');
    expect(digestEmail(digest).body).toMatch(/^ {5}3 {2}a-rule fixed$/m);
    // Of whatever account: without a rule, `posture log` shows the caller's own.
    const command = 'posture log --rule a-rule --since 2026-11-24T08:59:00Z --limit all';
    expect(digestEmail(digest).body).toContain(`    ${command}\n`);
    expect(JSON.parse(digestChat(digest).body).content.nextSteps).toEqual([`List all: \`${command}\``]);
    const { content } = JSON.parse(digestChat(digest).body);
    expect(content.description).toContain('*3* a-rule fixed');
    expect(content.description).not.toContain('@here');
  });
});
