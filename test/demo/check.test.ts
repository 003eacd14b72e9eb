import { chain } from '../../functions/log/chain';
import type { LogEvent } from '../../functions/log/event';
import { defineRule, type Json, type Rule } from '../../rules/rule';
import type { Call } from '../emulator/gateway';
import type { Piece } from './account/piece';
import type { Case } from './case';
import { checkAll, type Evidence } from './check';
import type { Sight } from './evidence';
import type { Delivery } from './pass';

const kind = { type: 'AWS::S3::Bucket', arn: 'arn:{partition}:s3:::{id}', scope: 'global' } as const;

const rule = defineRule({
  id: 's3-bucket-painted-green',
  title: 'Buckets are green',
  why: 'Green is calm.',
  impact: 'None.',
  severity: 'low',
  risk: 'safe',
  resource: kind,
  detectedBy: { securityHub: ['S3.99'], config: [] },
  permissions: {
    inspect: { actions: ['s3:GetBucketTagging'], on: '*' },
    change: { actions: ['s3:PutBucketTagging'], on: '*' },
  },
  clients: [],
  commands: [],
  inspect: async () => ({ colour: 'red' }),
  plan: () => [],
}) as unknown as Rule;

const caseOf = (name: string, more: Partial<Piece>): Case => {
  const arn = `arn:aws:s3:::${name}`;
  const reported = { type: kind.type, arn };
  const piece: Piece = { control: 'S3.99', words: name, resource: async () => reported, ends: 'fixed', ...more };
  const resource = { partition: 'aws', account: '123456789012', region: 'eu-west-1', type: kind.type, id: name, arn };
  return { piece, reported, event: {}, rule, resource };
};

const violation = caseOf('red', { ends: 'fixed' });
const lookalike = caseOf('green', { ends: 'already-compliant' });

const call = (operation: string, status = 200): Call => ({
  time: 0,
  service: 's3',
  operation,
  account: '123456789012',
  region: 'eu-west-1',
  status,
  input: {},
});

const event = (remediation: string): LogEvent =>
  chain(
    {
      remediation,
      rule: rule.id,
      version: '1',
      finding: 'f',
      source: 'security-hub',
      detectedBy: 'S3.99',
      partition: 'aws',
      account: '123456789012',
      region: 'eu-west-1',
      resource: 'arn:aws:s3:::red',
      resourceType: kind.type,
    },
    undefined,
    { kind: 'applied', reason: 'A finding was received.', actor: 'a' },
    new Date(0),
  );

const delivery = (of: Case, outcome: Delivery['outcome'], more: Partial<Delivery> = {}): Delivery => ({
  of,
  outcome,
  reason: 'So it is.',
  remediation: `remediation of ${of.piece.words}`,
  resource: of.reported.arn,
  events: [event(`remediation of ${of.piece.words}`)],
  calls: { own: [], rules: [call('GetBucketTagging')] },
  lines: ['{"level":"INFO","message":"Handled"}'],
  milliseconds: 1,
  cold: false,
  sent: '2026-11-24T12:00:00.000Z',
  ...more,
});

const sight = (colour: string, plan: readonly never[] = []): Sight => ({ state: { colour }, plan });
const sights = (of: Json, other: Json = 'green') =>
  new Map([
    [violation, sight(String(of))],
    [lookalike, sight(String(other))],
  ]);

const update: Evidence['gateway']['securityHub']['updates'][number] = {
  account: '123456789012',
  region: 'eu-west-1',
  time: 0,
  id: 'f',
  productArn: 'p',
  change: { Workflow: { Status: 'NOTIFIED' }, Note: { Text: 'Fixed by s3-bucket-painted-green, remediation of red.', UpdatedBy: 'us' } },
};

/** All is well. */
const covering = (of: Case, status: 'settling' | 'not-received') => ({ of, found: { status, finding: 'f', reason: 'Because.' } });

const evidence: Evidence = {
  rules: [rule],
  observed: [delivery(violation, 'observed'), delivery(lookalike, 'already-compliant')],
  fixed: [
    delivery(violation, 'fixed', { calls: { own: [], rules: [call('PutBucketTagging')] } }),
    delivery(lookalike, 'already-compliant'),
  ],
  again: [delivery(violation, 'already-compliant'), delivery(lookalike, 'already-compliant')],
  before: sights('red'),
  afterObserving: sights('red'),
  afterFixing: sights('green'),
  undone: {
    result: { remediation: 'r', outcome: 'rolled-back', reason: 'As before.', resource: 'arn:aws:s3:::red' },
    before: sight('red'),
    fixed: sight('green'),
    after: sight('red'),
    events: [],
    findBreaks: [],
  },
  ticket: {
    ...{ key: '#1', title: 'A title', body: 'posture approve 1', state: 'closed', tickets: 1 },
    steps: [
      { outcome: 'awaiting-approval', result: 'created', state: 'open' },
      { outcome: 'approved', result: 'commented', state: 'open' },
      { outcome: 'fixed', result: 'closed', state: 'closed' },
    ],
    stranger: {
      ...{ login: 'mallory', text: '/posture approve 1', comment: 'This answer does not count.' },
      result: { result: 'refused', code: 'not-an-operator', about: { by: 'github:2', where: '#1', id: '1' } },
      reply: { done: false, refused: 'forbidden', code: 'not-an-approver', reason: 'No.' },
    },
    operator: { login: 'ada', text: '/posture approve 1', comment: '', result: { result: 'done' }, reply: { done: true, reason: 'Yes.' } },
    fixed: { remediation: 't', outcome: 'fixed', reason: 'By its ticket.', resource: 'arn:aws:s3:::reports' },
    versioned: { stranger: false, operator: true },
  },
  decided: {
    asked: { remediation: 'r', outcome: 'awaiting-approval', reason: 'It waits.', resource: 'arn:aws:s3:::red' },
    mail: { subject: 'Approval required', body: 'posture approve r' },
    refused: { done: false, refused: 'forbidden', code: 'not-an-approver', reason: 'Not you.' },
    approved: { done: true, reason: 'Approved.' },
    fixed: { remediation: 'r', outcome: 'fixed', reason: 'So it is.', resource: 'arn:aws:s3:::red' },
    repeated: { done: false, refused: 'conflict', code: 'not-awaiting-approval', reason: 'It waits no more.' },
    stopped: { done: true, reason: 'Stopped.' },
    meanwhile: { remediation: 's', outcome: 'deferred', reason: 'Stopped.', resource: 'arn:aws:s3:::blue' },
    started: { done: true, reason: 'Started.' },
    versioned: { asked: false, approved: true },
    events: [],
    breaks: [],
  },
  responses: [
    {
      finding: 'CryptoCurrency:EC2/BitcoinTool.B!DNS',
      threat: 'the instance mines coins',
      asked: { remediation: 'q', outcome: 'awaiting-approval', reason: 'It waits.', resource: 'i-1' },
      approved: { done: true, reason: 'Approved.' },
      contained: { remediation: 'q', outcome: 'fixed', reason: 'So it is.', resource: 'i-1' },
      released: { done: true, reason: 'Requested.' },
      rolledBack: { remediation: 'q', outcome: 'rolled-back', reason: 'As before.', resource: 'i-1' },
      seen: { before: '3 network paths', asked: '3 network paths', contained: 'no network path', released: '3 network paths' },
    },
  ],
  patched: {
    finding: 'CVE-2026-0001 - openssl-libs',
    asked: { remediation: 'p', outcome: 'awaiting-approval', reason: 'It waits.', resource: 'i-2' },
    approved: { done: true, reason: 'Approved.' },
    patched: { remediation: 'p', outcome: 'fixed', reason: 'So it is.', resource: 'i-2' },
    read: { before: [], after: ['openssl-libs.x86_64'] },
  },
  covered: [covering(violation, 'settling')],
  gateway: {
    securityHub: { updates: [update], missing: new Set(), seed: () => {}, customize: () => {} },
    config: { evaluations: [], missing: new Set(), except: () => {}, say: () => {} },
  },
  world: { partition: 'aws', account: '123456789012', region: 'eu-west-1', send: () => Promise.reject(), in: () => evidence.world },
};

const listing = 'posture coverage lists every finding, and what the log says of it';

const failing = async (more: Partial<Evidence>) =>
  (await checkAll({ ...evidence, ...more })).filter(({ problems }) => problems.length > 0).map(({ name }) => name);

it('finds nothing to complain of where all is well', async () => {
  expect(await failing({})).toEqual([]);
});

const changed = delivery(violation, 'observed', { calls: { own: [], rules: [call('PutBucketTagging')] } });
const altered = { ...event('remediation of red'), reason: 'Nothing happened.' };
const { decided, ticket } = evidence;
const one = 'a misconfiguration gets one ticket, which an operator answers, and which is closed after the fix';
const [response] = evidence.responses as readonly [Evidence['responses'][number]];
const contains = 'a threat is contained only after an approval, and its release restores the previous state';
const responding = (over: object, seen: object = {}): Partial<Evidence> => ({
  responses: [{ ...response, ...over, seen: { ...response.seen, ...seen } }],
});
const patching = (over: object): Partial<Evidence> => ({ patched: { ...evidence.patched, ...over } });
const updates = 'a vulnerable package is updated only after an approval, and nothing but it';
const waits = 'a plan that awaits approval is applied once, after an approver approves it';
const kept = caseOf('red', { keeps: () => Promise.reject(new Error('the partner was removed')) });

it.each<[string, string, Partial<Evidence>]>([
  ['a rule has no violation', 'every rule in the demo has a violation to fix', { fixed: [delivery(lookalike, 'already-compliant')] }],
  ['observing ends otherwise', 'in observe mode, every finding has the expected outcome', { observed: [delivery(violation, 'failed')] }],
  ['observing sends a change', 'observe mode changes nothing', { observed: [changed] }],
  ['observing leaves another state', 'observe mode changes nothing', { afterObserving: sights('green') }],
  ['a fix ends otherwise', 'in fix mode, every finding has the expected outcome', { fixed: [delivery(violation, 'unverified')] }],
  ['a lookalike changes', 'compliant and exempt resources are unchanged', { afterFixing: sights('green', 'blue') }],
  [
    'a lookalike is changed and put back',
    'compliant and exempt resources are unchanged',
    { fixed: [delivery(violation, 'fixed'), delivery(lookalike, 'already-compliant', { calls: changed.calls })] },
  ],
  ['a second delivery changes something', 'a repeated finding changes nothing', { again: [changed] }],
  ['what stands beside is lost', 'a fix preserves unrelated settings', { fixed: [delivery(kept, 'fixed')] }],
  [
    'Security Hub is not notified',
    'Security Hub and AWS Config are notified of each fix',
    { gateway: { ...evidence.gateway, securityHub: { updates: [], missing: new Set(), seed: () => {}, customize: () => {} } } },
  ],
  [
    'the log is altered',
    'the hash chain of every remediation is intact',
    { observed: [delivery(violation, 'observed', { events: [altered] })] },
  ],
  ['the log is empty', 'the hash chain of every remediation is intact', { observed: [delivery(violation, 'observed', { events: [] })] }],
  [
    'a call is refused',
    'no API call was denied, and no function logged a warning',
    { observed: [delivery(violation, 'observed', { calls: { own: [call('GetBucketTagging', 403)], rules: [] } })] },
  ],
  [
    'a function warns',
    'no API call was denied, and no function logged a warning',
    { observed: [delivery(violation, 'observed', { lines: ['{"level":"WARN","message":"The source was not notified"}'] })] },
  ],
  [
    'the rollback leaves another state',
    'the rollback restores the previous state',
    { undone: { ...evidence.undone, after: sight('blue') } },
  ],
  ['the rollback had nothing to do', 'the rollback restores the previous state', { undone: { ...evidence.undone, fixed: sight('red') } }],
  ['a plan does not wait', waits, { decided: { ...decided, versioned: { asked: true, approved: true } } }],
  ['the mail does not say how to approve', waits, { decided: { ...decided, mail: { subject: 'Approval required', body: 'Look.' } } }],
  ['anybody may approve', waits, { decided: { ...decided, refused: decided.approved } }],
  ['the approver may not approve', waits, { decided: { ...decided, approved: decided.refused } }],
  ['a misconfiguration gets two tickets', one, { ticket: { ...ticket, tickets: 2 } }],
  ['a ticket stays open', one, { ticket: { ...ticket, state: 'open' } }],
  ['a stranger approves in a ticket', one, { ticket: { ...ticket, stranger: ticket.operator } }],
  ['an operator is refused in a ticket', one, { ticket: { ...ticket, operator: ticket.stranger } }],
  ['an answer in a ticket changes nothing', one, { ticket: { ...ticket, versioned: { stranger: false, operator: false } } }],
  ['a ticket does not say how to approve', one, { ticket: { ...ticket, body: 'Look.' } }],
  ['an approval comes to nothing', waits, { decided: { ...decided, fixed: { ...decided.fixed, outcome: 'failed' } } }],
  ['an approval counts twice', waits, { decided: { ...decided, repeated: decided.approved } }],
  ['a threat is contained without a question', contains, responding({ asked: response.contained })],
  ['something is changed before the approval', contains, responding({}, { asked: 'no network path' })],
  ['a response can not be approved', contains, responding({ approved: { ...decided.refused } })],
  ['a response fails', contains, responding({ contained: { ...response.contained, outcome: 'failed' } })],
  ['the owner sees that nothing is contained', contains, responding({}, { contained: '1 network paths' })],
  ['a response is not released', contains, responding({ rolledBack: { ...response.rolledBack, outcome: 'rollback-refused' } })],
  ['a release leaves another state', contains, responding({}, { released: '2 network paths' })],
  ['a finding is missing in the coverage', listing, { covered: [{ of: violation, found: undefined }] }],
  ['the coverage does not know what became of a finding', listing, { covered: [covering(violation, 'not-received')] }],
  ['a package is updated without a question', updates, patching({ read: { before: ['https://x'], after: ['openssl-libs.x86_64'] } })],
  ['an update can not be approved', updates, patching({ approved: { ...decided.refused } })],
  ['another package is updated', updates, patching({ read: { before: [], after: ['openssl-libs.x86_64', 'kernel.x86_64'] } })],
  ['an update is not verified', updates, patching({ patched: { ...evidence.patched.patched, outcome: 'verifying' } })],
  [
    'something is fixed in spite of a stop',
    'nothing is changed while changes are stopped',
    { decided: { ...decided, meanwhile: { ...decided.meanwhile, outcome: 'fixed' } } },
  ],
])('complains where %s', async (_, name, more) => {
  expect(await failing(more)).toContain(name);
});

it('complains where a change is left to do', async () => {
  const left: Sight = { state: { colour: 'red' }, plan: [{ do: {} as never, irreversible: 'Paint sticks.' }] };
  const name = 'every violation is fixed';
  expect(await failing({ afterFixing: new Map([...evidence.afterFixing, [violation, left]]) })).toContain(name);
  expect(await failing({ afterFixing: new Map([...evidence.afterFixing, [violation, 'gone']]) })).toContain(name);
});
