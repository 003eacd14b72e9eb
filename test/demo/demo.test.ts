import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { loadRules } from '../../functions/catalogue/catalogue';
import type { Document } from './document';
import { descendantsOf, leftOf } from './processes';

const minutes = 60_000;

const startDemo = (...given: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', path.join(__dirname, 'demo.ts'), ...given], {
    cwd: path.resolve(__dirname, '../..'),
    // The settings of whoever runs it must not matter.
    env: { ...process.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_PROFILE: 'nobody', AWS_REGION: 'mars-north-1', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly complaints: string;
}

const ended = (child: ChildProcess): Promise<Run> => {
  let output = '';
  let complaints = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output, complaints })));
};

describe('the demo for machines', () => {
  let run: Run;
  let document: Document;

  beforeAll(async () => {
    run = await ended(startDemo('--json'));
    document = JSON.parse(run.output || '{}') as Document;
  }, 5 * minutes);

  it('ends well, and says so in one document', () => {
    expect(run.complaints).toBe('');
    expect(document.checks.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect(document.ok).toBe(true);
    expect(run.code).toBe(0);
  });

  it('has violations of a dozen rules and more, and fixes them', () => {
    const fixed = document.passes.fix
      .filter(({ outcome, changed }) => /fixed$/.test(outcome) && changed.length > 0)
      .map(({ rule }) => rule);
    const catalogue = loadRules().map(({ rule }) => rule.id);
    expect(catalogue).toEqual(expect.arrayContaining(fixed));
    expect(new Set(fixed).size).toBeGreaterThan(12);
    expect(document.summary.found).toBeGreaterThan(12);
    expect(document.summary.fixed + document.summary.partlyFixed).toBe(document.summary.found);
  });

  it('leaves alone what only looks like a violation, for several reasons', () => {
    const alone = document.passes.fix.filter(({ expected }) => !/fixed$/.test(expected));
    expect(alone.length).toBe(document.summary.leftAlone);
    expect(alone.flatMap(({ changed }) => changed)).toEqual([]);
    expect([...new Set(alone.map(({ outcome }) => outcome))].sort()).toEqual(['already-compliant', 'deferred', 'exempt', 'unfixable']);
  });

  it('changes nothing while it observes, nor when the same comes again', () => {
    const { observe, again } = document.passes;
    expect(observe.length).toBe(document.passes.fix.length);
    expect(again.length).toBe(document.passes.fix.length);
    expect([...observe, ...again].flatMap(({ changed }) => changed)).toEqual([]);
    expect(observe.flatMap(({ planned }) => planned).length).toBeGreaterThan(0);
  });

  it('shows the trail of a fix and its rollback', () => {
    const { trail, rollback } = document;
    expect(trail.record.events.map(({ kind }) => kind)).toEqual(['planned', 'verified']);
    expect(trail.entries.map(({ outcome }) => outcome).filter(Boolean)).toEqual(['observed', 'fixed']);
    expect(rollback.result.outcome).toBe('rolled-back');
    expect(rollback.after).toEqual(rollback.before);
    expect(rollback.fixed).not.toEqual(rollback.before);
  });

  it('misses no finding in posture coverage, and finds the remediation of each', () => {
    const { coverage, passes } = document;
    // Two are of Config rules that Security Hub deployed, and one is of AWS Config in another Region.
    expect(coverage).toHaveLength(passes.fix.length - 3);
    expect(
      coverage.filter(({ status, remediation }) => status === undefined || status === 'not-received' || remediation === undefined),
    ).toEqual([]);
    expect([...new Set(coverage.map(({ status }) => status))].toSorted()).toEqual(['exempt', 'refused', 'settling', 'waiting']);
  });

  it('shows the ticket that was opened, answered by an operator and by nobody else, and closed after the fix', () => {
    const { ticket } = document;
    expect(ticket.steps.map(({ outcome, result, state }) => [outcome, result, state])).toEqual([
      ['awaiting-approval', 'created', 'open'],
      ['approved', 'commented', 'open'],
      ['fixed', 'closed', 'closed'],
    ]);
    expect(ticket.tickets).toBe(1);
    expect([ticket.stranger.result.result, ticket.operator.result.result, ticket.fixed.outcome]).toEqual(['refused', 'done', 'fixed']);
    expect(ticket.versioned).toEqual({ stranger: false, operator: true });
  });

  it('contains threats after an approval, and releases what was contained', () => {
    const { responses } = document;
    expect(responses.map(({ contained, rolledBack }) => [contained.outcome, rolledBack.outcome])).toEqual([
      ['fixed', 'rolled-back'],
      ['fixed', 'rolled-back'],
    ]);
    expect(responses.map(({ seen }) => seen.contained)).toEqual(['no network path', 'the key is Inactive']);
  });

  it('updates a vulnerable package after an approval', () => {
    const { patched, read } = document.patched;
    expect([patched.outcome, read.after]).toEqual(['fixed', ['openssl-libs.x86_64']]);
  });

  it('shows the trail of a plan from the question to the proof', () => {
    const { events } = document.people;
    expect(events.map(({ kind }) => kind)).toEqual([
      'approval-requested',
      'approval-refused',
      'approved',
      'planned',
      'verified',
      'approval-refused',
    ]);
    expect(events.find(({ kind }) => kind === 'approved')?.actor).toMatch(/:assumed-role\/OnCall\//);
  });
});

describe('the demo as text', () => {
  it(
    'leaves no process behind when it is interrupted',
    async () => {
      const demo = startDemo();
      const end = ended(demo);
      // Its first function handles a report: the emulator and several functions run.
      await new Promise<void>((resolve) => demo.stdout?.on('data', (chunk: Buffer) => chunk.includes('observed') && resolve()));
      const children = descendantsOf(demo.pid ?? 0);
      expect(children.length).toBeGreaterThanOrEqual(2);
      demo.kill('SIGINT');
      const { code, complaints } = await end;
      expect({ code, complaints }).toEqual({ code: 130, complaints: '' });
      expect(await leftOf(children, 60)).toEqual([]);
    },
    5 * minutes,
  );

  it(
    'explains itself, and refuses what it does not know',
    async () => {
      expect(await ended(startDemo('--help'))).toMatchObject({ code: 0, output: expect.stringContaining('--keep') });
      expect(await ended(startDemo('--loud'))).toMatchObject({ code: 2, complaints: expect.stringContaining('--loud') });
    },
    minutes,
  );
});
