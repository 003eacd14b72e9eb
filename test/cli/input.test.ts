import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadRules } from '../../functions/catalogue/catalogue';
import { contentsOf, type Entry } from '../../functions/cli/input/entries';
import { eventOf } from '../../functions/cli/input/event-of';
import { decoded } from '../../functions/cli/input/json-file';
import { eventIn } from '../../functions/cli/replay/event-in';
import { readEntry } from '../../functions/cli/simulate/read-entry';
import type { Identification } from '../../functions/sources/config/identify';
import { configComplianceChange } from '../events/config';
import { controlFinding, securityHubImported } from '../events/security-hub';
import * as fc from '../fast-check';

const rules = loadRules().map(({ rule }) => rule);
const identification: Identification = {
  policy: async () => ({ configRules: { 'acme-mapped': 's3-bucket-versioning-enabled' } }),
  async describe({ name }) {
    if (name === 'refused') throw new Error('AccessDeniedException');
    if (name === 'none') return undefined;
    const Owner = name === 'acme-own' ? 'CUSTOM_LAMBDA' : 'AWS';
    const SourceIdentifier = name === 'Acme-Ports' ? 'INCOMING_SSH_DISABLED' : 'S3_BUCKET_VERSIONING_ENABLED';
    return { ConfigRuleName: name, Source: { Owner, SourceIdentifier } };
  },
};
const caller = { account: '111122223333', partition: 'aws', identification };
const bucket = { type: 'AWS::S3::Bucket', arn: 'arn:aws:s3:::shop-invoices' };
const event = securityHubImported({ control: 'S3.14', resource: bucket });
const finding = controlFinding({ control: 'S3.14', resource: bucket });
const changed = configComplianceChange({ rule: 's3-bucket-versioning-enabled', resourceType: bucket.type, resourceId: 'shop-invoices' });

const ocsf = {
  class_uid: 2003,
  activity_id: 1,
  status_id: 1,
  cloud: { account: { uid: '111122223333' }, region: 'eu-west-1' },
  compliance: { control: 'S3.14', status: 'Fail', status_id: 3 },
  finding_info: {
    uid: 'arn:aws:securityhub:eu-west-1:111122223333:security-control/S3.14/finding/a',
    created_time_dt: '2026-11-01T09:30:00.123Z',
    modified_time_dt: '2026-11-20T09:30:00.123Z',
  },
  metadata: { product: { uid: 'arn:aws:securityhub:eu-west-1::productv2/aws/securityhub' } },
  resources: [{ uid: 'shop-invoices', uid_alt: bucket.arn, type: bucket.type, region: 'eu-west-1', cloud_partition: 'aws' }],
};

const sortsOf = (...values: readonly unknown[]) => contentsOf(values).entries.map(({ at, sort }) => `${at}: ${sort}`);
const foundIn = async (...values: readonly unknown[]) => {
  const read = await Promise.all(contentsOf(values).entries.map((entry) => readEntry(entry, rules, caller)));
  return read.flatMap(({ found }) => found.map(({ rule, finding: one }) => `${rule.id} ${Object.values(one.resource.reported)}`));
};
const changedBy = (rule: string, more: object = {}) =>
  configComplianceChange({ rule, resourceType: bucket.type, resourceId: 'shop-invoices', ...more });

test.each<[string, unknown, readonly string[]]>([
  ['an event', event, ['the file: event']],
  ['a list of events', [event, changed], ['[0]: event', '[1]: event']],
  ['an export', { Findings: [finding, ocsf] }, ['Findings[0]: asff', 'Findings[1]: ocsf']],
  ['a list of findings', [finding], ['[0]: asff']],
  ['a page of the log', { entries: [] }, []],
  [
    'messages of a queue',
    { Messages: [{ Body: JSON.stringify(event) }, { Body: 'no JSON' }] },
    ['Messages[0] Body: event', 'Messages[1] Body: unknown'],
  ],
  ['one message', { MessageId: '1', Body: JSON.stringify(changed) }, ['Body: event']],
  ['a batch of a queue for a function', { Records: [{ body: JSON.stringify(event) }] }, ['Records[0].body: event']],
  ['a record of a failed invocation', { requestContext: {}, requestPayload: event, responseContext: {} }, ['requestPayload: event']],
  [
    'a record in a message of a queue',
    { Messages: [{ Body: JSON.stringify({ requestContext: {}, requestPayload: { rollback: '01J' } }) }] },
    ['Messages[0] Body requestPayload: rollback'],
  ],
  [
    'an event of Security Hub V2',
    { source: 'aws.securityhub', 'detail-type': 'Findings Imported V2', detail: { findings: [ocsf] } },
    ['detail.findings[0]: ocsf'],
  ],
  ['a digest', { digest: ['a'] }, ['the file: digest']],
  ['a message of ours', { finding: { id: 'a' }, number: 1 }, ['the file: message']],
  ['nothing known', { hello: 'world' }, ['the file: unknown']],
  ['a number', 7, ['the file: unknown']],
  ['null', null, ['the file: unknown']],
  ['lists in lists', [[[[[[[[event]]]]]]]], ['[0] [0] [0] [0] [0] [0] [0]: unknown']],
])('%s is unpacked', (_, value, expected) => {
  expect(sortsOf(value)).toEqual(expected);
});

test('several values are lines of a file', () => {
  expect(sortsOf(event, changed)).toEqual(['line 1: event', 'line 2: event']);
});

test.each<[string, unknown, RegExp | undefined]>([
  [
    'an export with a token',
    { Findings: [finding], NextToken: 'more' },
    /^The export was cut, and there are more findings: it has a NextToken\./,
  ],
  ['a whole export', { Findings: [finding] }, undefined],
  ['a page of the log', { entries: [], next: 'more' }, /^The file contains one page of the log/],
  ['the last page of the log', { entries: [], next: null }, undefined],
  ['the whole log', { entries: [] }, undefined],
])('%s says whether it is a part', (_, value, expected) => {
  const { cut } = contentsOf([value]);
  expect(cut).toEqual(expected ? [expect.stringMatching(expected)] : []);
});

test.each<[string, unknown]>([
  ['an event of Security Hub', event],
  ['an event of AWS Config', changed],
  ['a finding', finding],
  ['a finding of OCSF', ocsf],
  ['a finding of OCSF that is told by its text', { ...ocsf, compliance: { control: 'S3.14', status: 'FAIL' }, status_id: undefined }],
  ['a finding of OCSF with the ARN alone', { ...ocsf, resources: [{ uid: bucket.arn, type: bucket.type }] }],
  ['a finding of OCSF by its name', { ...ocsf, resources: [{ uid: 'shop-invoices', type: bucket.type }] }],
  ['a compliance change of a Config rule with another name', changedBy('Acme-Versioning')],
  ['a compliance change of a Config rule that the policy maps', changedBy('acme-mapped')],
  ['a compliance change in a message of a queue', { Messages: [{ Body: JSON.stringify(changedBy('Acme-Versioning')) }] }],
])('%s is simulated', async (_, value) => {
  expect(await foundIn(value)).toEqual([expect.stringMatching(/^s3-bucket-versioning-enabled (arn:aws:s3:::)?shop-invoices$/)]);
});

test.each<[string, unknown, boolean, RegExp]>([
  ['a finding that passed', { ...finding, Compliance: { Status: 'PASSED' } }, false, /compliance status is "PASSED", not FAILED/],
  [
    'a finding of another control',
    { ...finding, GeneratorId: 'security-control/X.1', Compliance: { Status: 'FAILED', SecurityControlId: 'X.1' } },
    false,
    /No rule is for its control/,
  ],
  [
    'a finding of another product',
    { ...finding, ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty' },
    true,
    /ProductArn is/,
  ],
  [
    'a finding of another partition',
    { ...finding, Id: finding.Id.replace('arn:aws:', 'arn:aws-cn:') },
    true,
    /partition in .*Id is "aws-cn"/,
  ],
  ['a finding without times', { ...finding, CreatedAt: undefined }, true, /CreatedAt is missing/],
  ['a passed finding of OCSF', { ...ocsf, compliance: { control: 'S3.14', status: 'Pass', status_id: 1 } }, false, /"Pass", not Fail/],
  ['a warning of OCSF', { ...ocsf, compliance: { control: 'S3.14', status_id: 2 } }, false, /not Fail/],
  ['a suppressed finding of OCSF', { ...ocsf, status_id: 3 }, false, /status_id is 3/],
  ['a resolved finding of OCSF', { ...ocsf, status_id: 4 }, false, /status_id is 4/],
  ['a closed finding of OCSF', { ...ocsf, activity_id: 3 }, false, /finding is closed/],
  ['an archived finding of OCSF', { ...ocsf, status_id: 5 }, false, /finding is closed/],
  ['a finding of OCSF of another class', { ...ocsf, class_uid: 2004 }, true, /class_uid is 2004\. Only compliance findings/],
  ['a coverage finding of OCSF', { ...ocsf, compliance: {} }, true, /compliance\.control is missing/],
  ['a compliance change of a custom rule', changedBy('acme-own'), false, /no managed rule of AWS: its owner is "CUSTOM_LAMBDA"/],
  ['a compliance change of a managed rule about other resources', changedBy('Acme-Ports'), false, /managed rule "INCOMING_SSH_DISABLED"/],
  ['a compliance change of no Config rule', changedBy('none'), false, /"none" does not exist/],
  ['a compliance change that nobody can identify', changedBy('refused'), true, /AccessDenied/],
  ['a compliance change to COMPLIANT', changedBy('s3-bucket-versioning-enabled', { compliance: 'COMPLIANT' }), false, /"COMPLIANT"/],
  [
    'a contradictory compliance change',
    { ...changedBy('Acme-Versioning'), account: '999988887777' },
    true,
    /awsAccountId is "111122223333", but/,
  ],
  ['a request to roll back', { rollback: 'a/b' }, true, /reports no misconfiguration/],
  ['a text', 'hello', true, /the text "hello", which is not JSON/],
])('%s is not simulated, and the reason is listed', async (_, value, isUnread, reason) => {
  const [entry] = contentsOf([value]).entries;
  expect(entry && (await readEntry(entry, rules, caller))).toEqual({
    found: [],
    skipped: { at: 'the file', isUnread, reason: expect.stringMatching(reason) },
  });
});

test.each<[string, unknown, RegExp | undefined]>([
  ['an event', event, undefined],
  ['a finding', finding, undefined],
  ['a finding of OCSF', ocsf, undefined],
  ['a finding of OCSF of no account', { class_uid: 2003 }, /without a readable "cloud"/],
  ['a request to roll back', { rollback: 'a/b' }, /roll back "a\/b" that waited too long.*`posture rollback`/],
  ['a digest', { digest: [] }, /`posture log` has the outcomes/],
  ['nothing known', { hello: 1 }, /It has "hello", and is no event/],
])('%s is replayed, or the command for it is named', (_, value, reason) => {
  const [entry] = contentsOf([value]).entries;
  const meant = eventIn(entry as Entry);
  expect('refusal' in meant ? meant.refusal.reason : undefined).toEqual(reason ? expect.stringMatching(reason) : undefined);
});

test('the event of a finding is of the Region of its product where it names none', () => {
  expect(eventOf({ AwsAccountId: '111122223333', ProductArn: 'arn:aws:securityhub:us-east-1::product/aws/securityhub' })).toMatchObject({
    region: 'us-east-1',
  });
});

describe('the encoding of a file', () => {
  const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
  const encodings: readonly (readonly [string, (text: string) => Uint8Array])[] = [
    ['UTF-8', (text) => Buffer.from(text)],
    ['UTF-8 with a byte order mark', (text) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16, as PowerShell writes it', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 of the other byte order', (text) => swapped(Buffer.from(`\ufeff${text}`, 'utf16le'))],
    ['UTF-16 without a mark', (text) => Buffer.from(text, 'utf16le')],
    ['UTF-16 of the other byte order without a mark', (text) => swapped(Buffer.from(text, 'utf16le'))],
  ];

  test.each(encodings)('%s is read', (_, encode) => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), (value) => {
        const text = JSON.stringify({ value, name: 'Überlast 🔥 支払い' });
        expect(decoded(encode(text))).toBe(text);
      }),
    );
  });
});

test('the help of both commands names what they read', () => {
  const page = readFileSync(path.join(__dirname, '../../docs/operate.md'), 'utf8');
  expect(page).toContain('aws sqs receive-message --queue-url <url> | posture replay - --deployed');
});
