import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { batchKey, lineOf } from '../../functions/archive/format';
import { hashJson } from '../../functions/canonical-json';
import { loadRules } from '../../functions/catalogue/catalogue';
import { eachOf } from '../../functions/concurrency';
import { putHold } from '../../functions/coordination/hold';
import { leaseKey } from '../../functions/coordination/lease-key';
import { days } from '../../functions/duration';
import { itemOf } from '../../functions/log/item';
import { policy } from '../../functions/policy/policy';
import { s3Archive } from '../../functions/seal/s3-archive';
import { sealArchive } from '../../functions/seal/seal-archive';
import { kmsSigner } from '../../functions/seal/signer';
import { createTables, environmentOf } from '../cli/central';
import { putPolicy } from '../cli/policy-copy';
import { usePosture } from '../cli/posture';
import { section } from '../docs/pages';
import { useEmulator } from '../emulator/use';
import { controlFinding } from '../events/security-hub';
import { reportedRules } from '../report/pages';
import { fingerprintOf } from '../seal/honest-archive';
import { changeOf, suppressedText, tagText, trailsOf } from './events';
import { expectedRecurrence, expectedRequirements, expectedTimes, type Spot, spotsOf, stoodIn, tally } from './expected';
import { generate } from './generate';
import { expectedList, type ListedMoment, type ListQuestion, timeOf } from './listed';
import type { Moment, Script } from './script';

const emulator = useEmulator();
const posture = usePosture();

/** A quarter that ended yesterday: what is waiting and exempt is so today. */
const start = Date.now() - days(81);
const versioning = 's3-bucket-versioning-enabled';
/** One of them often: its findings are those of the detector. */
const rules = [...reportedRules, ...Array.from({ length: 20 }, () => reportedRules.filter(({ id }) => id === versioning)).flat()];
const scripts = [...generate({ seed: 36, events: 900, from: new Date(start), days: 80, rules, accounts: 4, publications: 3 })].map(
  untilNow,
);
const trails = scripts.flatMap(trailsOf);

/** What has not happened yet is not in the log. */
function untilNow(script: Script): Script {
  return { ...script, moments: script.moments.filter(({ at }) => at < Date.now() - 60_000) };
}

/** The commands as the page has them, by their questions. */
const commands = [...section('docs/audit.md', 'Ten questions').matchAll(/^\| (.+\?) \| `posture (.+)` \|$/gm)].map(
  ([, question = '', command = '']) => ({ question, command }),
);
const asked = new Set<string>();

let env: Record<string, string>;
let key: string;
let head: string;
beforeAll(async () => {
  const account = await emulator.account();
  await createTables(account);
  const [dynamo, s3] = [account.client(DynamoDBClient), account.client(S3Client)];
  await putPolicy(dynamo, policy.parse({}));
  const items = trails.flatMap((trail) => trail.events.map((event) => itemOf(event, trail.key)));
  await eachOf(items, 16, (Item) => dynamo.send(new PutItemCommand({ TableName: 'posture-log', Item })));
  for (const [{ script, moment }, why] of held)
    await putHold(dynamo, 'posture-orders', {
      rule: script.rule,
      resource: leaseOf(script),
      attribution: { by: moment.person ?? '', at: timeOf(moment), why },
      until: holdEnd,
    });
  for (const { finding: Id, resource, received, account: owner, region } of watched) {
    const at = new Date(received).toISOString();
    const reported = { type: 'AwsS3Bucket', arn: `arn:aws:s3:::${resource.split(':').at(-1)}` };
    const finding = controlFinding({ control: 'S3.14', resource: reported, account: owner, region, firstObservedAt: at, updatedAt: at });
    emulator.gateway.securityHub.seed(account, { ...finding, Id } as never);
  }

  const Bucket = `archive-${account.account}`;
  env = { ...environmentOf(account), POSTURE_ARCHIVE_BUCKET: Bucket };
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  for (let from = 0; from < items.length; from += 100) {
    const Body = items.slice(from, from + 100).map((item) => `${lineOf(item)}\n`);
    await s3.send(new PutObjectCommand({ Bucket, Key: batchKey('2026-11-01', from / 100 + 1), Body: Body.join('') }));
  }
  const kms = account.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }));
  const signer = kmsSigner(kms, KeyMetadata?.Arn ?? '');
  const clock = { now: () => new Date(), sleep: async () => {} };
  const table = `arn:aws:dynamodb:eu-west-1:${account.account}:table/posture-log`;
  const { newest } = await sealArchive({ archive: s3Archive(s3, Bucket), signer, former: signer, table, clock, secondsLeft: () => 900 });
  [key, head] = [await fingerprintOf(signer), newest?.hash ?? ''];
});

/** What the command of the page for this question answers. */
async function ask<Answer>(about: RegExp, places: Readonly<Record<string, string>> = {}, code = 0): Promise<Answer> {
  const found = commands.filter(({ question }) => about.test(question));
  expect(found).toHaveLength(1);
  const [{ question, command } = { question: '', command: '' }] = found;
  asked.add(question);
  const args = command.split(' ').map((word) => places[word] ?? word);
  expect(args.filter((word) => word.startsWith('<'))).toEqual([]);
  const run = await posture([...args, ...(args.includes('--format') ? [] : ['--json'])], env);
  expect([run.stderr.replace(/^The report is .*$/m, ''), run.code]).toEqual(['', code]);
  return JSON.parse(run.stdout) as Answer;
}

interface Listed {
  readonly entries: readonly { readonly [name: string]: unknown }[];
  readonly next?: string;
}
const listed = (question: ListQuestion) => expectedList(scripts, question, reportedRules);
const rowOf = ({ script, moment, actor }: ListedMoment) => ({
  ...{ time: timeOf(moment), remediation: script.remediation, kind: moment.kind, rule: script.rule, resource: script.resource, actor },
  ...{ account: script.account, region: script.region, finding: script.finding, detectedBy: script.detectedBy, source: script.source },
  ...(moment.outcome !== undefined && { outcome: moment.outcome }),
});
function expectRows({ entries, next }: Listed, rows: readonly ListedMoment[]): void {
  expect(rows.length).toBeGreaterThan(0);
  expect(next).toBeUndefined();
  expect(entries.map(({ time }) => time)).toEqual(rows.map(({ moment }) => timeOf(moment)));
  const text = (row: object) => JSON.stringify(row, Object.keys(row).toSorted());
  const told = entries.map((entry) => ({
    ...Object.fromEntries(Object.keys(rowOf(rows[0] as ListedMoment)).map((name) => [name, entry[name]])),
    ...(entry.outcome !== undefined && { outcome: entry.outcome }),
  }));
  expect(told.map(text).toSorted()).toEqual(rows.map(rowOf).map(text).toSorted());
}

const ended = (script: Script) => script.moments.filter(({ outcome }) => outcome !== undefined).at(-1);
const isAbout = (one: Script, other: Script) => one.rule === other.rule && one.resource === other.resource;

const leaseOf = ({ rule: id, account, region, resource, resourceType: type }: Script): string => {
  const rule = loadRules().find((entry) => entry.rule.id === id)?.rule;
  if (!rule) throw new Error(`There is no rule ${id}.`);
  return leaseKey(rule, { account, region, type, arn: resource, id: '', partition: '' });
};
const holdEnd = new Date(Date.now() + days(10)).toISOString();
/** What the control function holds, of each resource once, and why. */
const held = scripts.flatMap((script): readonly (readonly [ListedMoment, string])[] => {
  const [moment] = script.moments.filter(({ outcome }) => outcome === 'rejected' || outcome === 'rolled-back');
  const isRecent = moment && moment.at > Date.now() - days(policy.parse({}).rollbacks.exemptDays - 1);
  const why = moment?.outcome === 'rejected' ? 'rejected: Not now' : 'rollback of remediation X: It broke the site';
  return isRecent ? [[{ script, moment, actor: moment.person ?? '' }, why]] : [];
});
/** Findings that Security Hub still has open. */
const watched = scripts.filter(({ rule, source }) => rule === versioning && source.startsWith('security-hub'));

it('the page asks ten questions', () => expect(commands.map(({ command }) => command)).toHaveLength(10));

describe('the command for the question', () => {
  it('what was changed on a resource answers with each event of it, and the changes', async () => {
    const [script] = scripts.filter(({ moments }) => moments.some(({ kind }) => kind === 'confirmed'));
    const resource = script?.resource ?? '';
    const answer = await ask<Listed>(/changed on a resource/, { '<arn>': resource });
    expectRows(answer, listed({ resource, steps: true }));
    for (const kind of ['planned', 'verified'])
      expect(answer.entries.find((entry) => entry.kind === kind)).toMatchObject({ changes: [changeOf({ resource })] });
  });

  it('whether the log is intact answers with proof, and counts all of it', async () => {
    const answer = await ask(/altered/, { '<fingerprint>': key, '<hash>': head });
    const events = scripts.reduce((sum, { moments }) => sum + moments.length, 0);
    const writers = scripts.reduce((sum, { moments }) => sum + new Set(moments.map(({ by }) => by)).size, 0);
    expect(answer).toMatchObject({
      ...{ verdict: 'proven', comparedWithTable: true, findings: [], keys: [key] },
      counts: { events, trails: writers, batches: Math.ceil(events / 100), seals: 1, unsealed: 0, waiting: 0 },
    });
  });

  it('who approved what answers with each approval', async () => {
    expectRows(await ask<Listed>(/approved what/), listed({ kind: 'approved' }));
  });

  it('what is exempt answers with each tag, suppression, rejection and rollback', async () => {
    const seen = (['exempt', 'suppressed'] as const).flatMap((outcome) =>
      scripts.flatMap((script) => {
        const last = ended(script);
        const isNewest = scripts.every(
          (other) => !isAbout(script, other) || other.remediation <= script.remediation || ended(other)?.outcome !== outcome,
        );
        return last?.outcome === outcome && isNewest ? [{ script, last }] : [];
      }),
    );
    const hits = seen.map(({ script, last }) => ({
      ...about(script),
      ...(last.outcome === 'exempt' ? { kind: 'tag', reason: tagText } : { kind: 'suppression', reason: suppressedText }),
      ...(last.until !== undefined && { expires: new Date(last.until).toISOString() }),
      ...{ state: 'seen', lastHit: timeOf(last) },
    }));
    const holds = held.map(([{ script, actor }, why]) => ({
      ...about(script),
      ...{ kind: why.startsWith('rejected') ? 'rejection' : 'rollback', owner: actor, reason: why, expires: holdEnd, state: 'in-force' },
    }));
    const inForce = [...hits.filter(({ expires }) => expires === undefined || expires > new Date().toISOString()), ...holds];
    expect([holds.length > 3, hits.length > 10]).toEqual([true, true]);
    const answer = await ask<{ readonly exemptions: readonly object[]; readonly isMore: boolean }>(/exempt/);
    expect(answer.isMore).toBe(false);
    const text = (one: object) => JSON.stringify(one, Object.keys(one).toSorted());
    expect(answer.exemptions.map(text).toSorted()).toEqual(inForce.map(text).toSorted());
  });

  it('how long it takes answers with the times of all, and by severity', async () => {
    const answer = await ask<ReportAnswer>(/How long/);
    const { spots, span } = reported(answer);
    expect(answer.all.times).toEqual(
      expectedTimes(
        spots.flatMap(({ all }) => all),
        span,
      ),
    );
    expect(answer.bySeverity.map(({ key: severity }) => severity).toSorted()).toEqual(['critical', 'high', 'low', 'medium']);
    for (const group of answer.bySeverity) {
      const own = spots.filter(({ counts }) => counts.script.severity === group.key);
      expect([group.key, group.times]).toEqual([
        group.key,
        expectedTimes(
          own.flatMap(({ all }) => all),
          span,
        ),
      ]);
    }
  });

  it('which policies were in force answers with each publication, and who published it', async () => {
    const publications = scripts.flatMap(({ remediation, moments }) => {
      const [first, second] = moments;
      return first?.policy === undefined ? [] : [{ remediation, first, second }];
    });
    expect(publications).toHaveLength(3);
    const answer = await ask<{ readonly published: readonly object[] }>(/policies/);
    expect(answer.published).toEqual(
      publications
        .toReversed()
        .map(({ first, second }) =>
          expect.objectContaining({ at: timeOf(first), by: second?.person, version: String(first.policy), hash: hashJson(first.policy) }),
        ),
    );
  });

  it('who stopped changes answers with each stop and its end', async () => {
    const rows = listed({ rule: 'posture' });
    expect(rows.some(({ moment }) => moment.kind === 'stopped')).toBe(true);
    const published = scripts.flatMap((script) =>
      script.moments.flatMap((moment) => (isPublication(moment) ? [{ script, moment, actor: moment.person ?? '' }] : [])),
    );
    expectRows(
      await ask<Listed>(/stopped changes/),
      [...rows, ...published].sort((a, b) => b.moment.at - a.moment.at),
    );
  });

  it('what the evidence for a fix is answers with all of its events, whose chains are intact', async () => {
    const [script] = scripts.filter(
      ({ moments }) => moments.some(({ kind }) => kind === 'approved') && moments.at(-1)?.outcome === 'fixed',
    );
    if (!script) throw new Error('The history has no approved fix.');
    const answer = await ask<Evidence>(/evidence/, { '<id>': `${script.rule}/${script.remediation}` });
    expect(answer).toMatchObject({ intact: true, breaks: [], forged: [] });
    expect(answer.events.map(({ time, kind, outcome }) => [time, kind, outcome])).toEqual(
      script.moments.map((moment) => [timeOf(moment), moment.kind, moment.outcome]),
    );
    const approval = script.moments.find(({ kind }) => kind === 'approved');
    expect(answer.events.find(({ kind }) => kind === 'approved')).toMatchObject({ actor: approval?.person });
    expect(answer.events.find(({ kind }) => kind === 'planned')).toMatchObject({
      approvedBy: approval?.person,
      changes: [changeOf(script)],
    });
    expect(answer.events.at(-1)).toMatchObject({ before: { enabled: false }, after: { enabled: true } });
  });

  it('how effective the controls of a standard are answers with each of its requirements', async () => {
    const answer = await ask<ReportAnswer>(/standard/);
    const all = reported(answer);
    const requirementsOf = ({ counts }: Spot) =>
      expectedRequirements(counts.script, reportedRules).filter((text) => text.startsWith('CIS5.0 '));
    const own = all.spots.filter((spot) => requirementsOf(spot).length > 0);
    const named = answer.byRequirement.filter(({ standard }) => standard === 'CIS5.0');
    expect(named.map(({ requirement }) => `CIS5.0 ${requirement}`).toSorted()).toEqual(
      [...new Set(own.flatMap(requirementsOf))].toSorted(),
    );
    expect(named.length).toBeGreaterThan(5);
    for (const group of named) {
      const spots = own.filter((spot) => requirementsOf(spot).includes(`CIS5.0 ${group.requirement}`));
      const counts = Object.fromEntries(Object.entries(group.counts).filter(([, count]) => count > 0));
      expect([group.requirement, group.found, counts]).toEqual([
        ...[group.requirement, spots.length],
        tally(spots.map(({ counts: one }) => one.group)),
      ]);
      expect(group.recurrence).toEqual(expectedRecurrence(spots, all.span));
    }
  });

  it('whether anything is open that the log does not know answers with each open finding, and what the log says of it', async () => {
    expect(watched.length).toBeGreaterThan(20);
    const answer = await ask<{ readonly findings: readonly Readonly<Record<string, string>>[] }>(/detectors/);
    const newest = new Map(watched.toSorted((a, b) => a.detected - b.detected).map((script) => [script.finding, script]));
    expect(answer.findings.map(({ finding, outcome, remediation, status }) => [finding, outcome, remediation, status]).toSorted()).toEqual(
      [...newest.values()]
        .map((script) => {
          const outcome = ended(script)?.outcome ?? '';
          return [script.finding, outcome, `${script.rule}/${script.remediation}`, statusOf[outcome]];
        })
        .toSorted(),
    );
  });
});

it('all questions of the page were asked', () =>
  expect([...asked].toSorted()).toEqual(commands.map(({ question }) => question).toSorted()));

const isPublication = ({ kind }: Moment): boolean => kind === 'policy-published' || kind === 'publisher-identified';

const about = ({ rule, account, region, resource }: Script) => ({ rule, account, region, resource });

/** As the page of the command says. */
const statusOf: Readonly<Record<string, string>> = {
  fixed: 'settling',
  'already-compliant': 'settling',
  'resource-not-found': 'settling',
  'awaiting-approval': 'waiting',
  incomplete: 'waiting',
  failed: 'failed',
  unverified: 'failed',
  disputed: 'disputed',
  exempt: 'exempt',
  suppressed: 'exempt',
  'rolled-back': 'exempt',
  observed: 'observed',
  unfixable: 'refused',
  rejected: 'refused',
};

interface Evidence {
  readonly events: readonly { readonly time: string; readonly kind: string; readonly outcome?: string }[];
}

interface ReportGroup {
  readonly key: string;
  readonly found: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly times: object;
  readonly recurrence: object;
}
interface ReportAnswer {
  readonly since: string;
  readonly until: string;
  readonly all: ReportGroup;
  readonly bySeverity: readonly ReportGroup[];
  readonly byRequirement: readonly (ReportGroup & { readonly standard: string; readonly requirement: string })[];
}

/** What the ledger has of the period of a report. */
function reported({ since, until }: ReportAnswer) {
  const span = { since: Date.parse(since), until: Date.parse(until) };
  return { span, spots: spotsOf(stoodIn(scripts, span)) };
}
