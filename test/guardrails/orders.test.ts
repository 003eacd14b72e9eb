import { setTimeout } from 'node:timers/promises';
import { environmentOf } from '../cli/central';
import { usePosture } from '../cli/posture';
import { type AccountCredentials, assumeRole } from '../emulator/account';
import { type FunctionUrl, startFunctionUrl } from '../emulator/function-url';
import { badBucket, isKept } from './bucket';
import { type Central, useCentral } from './central';

const { open } = useCentral();
const posture = usePosture();
let url: FunctionUrl | undefined;
afterEach(() => url?.stop());

async function reached(mode: string) {
  const central = await open({ start: new Date().toISOString() });
  const { account } = central.account;
  await central.deploy({
    modes: { default: mode },
    ownership: { lastChange: false },
    approvals: { approvers: [{ principals: [`arn:aws:sts::${account}:assumed-role/OnCall/*`] }], fourEyes: false },
  });
  const { gateway } = central.emulator;
  const onCall = await assumeRole(gateway, `arn:aws:iam::${account}:role/OnCall`);
  const viewer = await assumeRole(gateway, `arn:aws:iam::${account}:role/Viewer`);
  const given: unknown[] = [];
  url = await startFunctionUrl(central.account, [onCall, viewer], (event) => {
    given.push(JSON.parse((event as { readonly body: string }).body));
    return central.control(event);
  });
  const env = (credentials: AccountCredentials) => ({
    ...environmentOf({ ...central.account, configuration: { ...central.account.configuration, credentials } }),
    POSTURE_CONTROL_URL: url?.url ?? '',
  });
  return {
    central,
    url: url.url,
    by:
      (credentials: AccountCredentials) =>
      (...args: string[]) =>
        posture(args, env(credentials)),
    onCall,
    viewer,
    /** The orders that came in. */
    given,
  };
}

/** A bucket whose fix is half done: AWS refuses its second change, and the way back of the first one. */
async function incomplete(central: Central): Promise<{ readonly bucket: string; readonly remediation: string }> {
  const bucket = await badBucket(central.account);
  const { account } = central.account;
  const faults = ['PutBucketOwnershipControls', 'DeletePublicAccessBlock'].map((operation) =>
    central.emulator.gateway.fail({ operation, account, as: 'access-denied', times: 100 }),
  );
  const { outcome, remediation } = await central.find(bucket);
  expect(outcome).toBe('incomplete');
  for (const fault of faults) fault.cancel();
  return { bucket, remediation };
}

/** What the run comes to, while the functions do what it orders. */
async function delivering<Value>(central: Central, run: Promise<Value>): Promise<Value> {
  let isOver = false;
  const over = run.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await central.delivered();
    await setTimeout(100);
  }
  return over;
}

const idsOf = async (central: Central, count: number) => {
  const buckets = await Promise.all(Array.from({ length: count }, () => badBucket(central.account)));
  return Promise.all(buckets.map(async (bucket) => ({ bucket, ...(await central.find(bucket)) })));
};

describe('orders by the command line', () => {
  it('show what waits, approve it in bulk, and take it back', async () => {
    const { central, by, onCall, viewer } = await reached('ask');
    const found = await idsOf(central, 2);
    const waiting = await by(viewer)('approvals');
    for (const { remediation, bucket } of found) {
      const { plan = '' } = (await central.last(remediation)) ?? {};
      expect(waiting.stdout).toMatch(new RegExp(`^${remediation} .*${bucket} +${plan.slice(0, 16)} +[0-9-]{10} [0-9:]{8}Z {2}s3:`, 'm'));
    }
    expect((await by(viewer)('approvals', '--rule', 's3-bucket-tls-requird')).stdout).toBe(
      'No plan awaits approval. This version has no rule "s3-bucket-tls-requird". Did you mean s3-bucket-tls-required?\n',
    );
    expect((await by(viewer)('approvals', '--account', '1234')).stderr).toContain('Specify a 12-digit account id.');

    const unsaid = await by(onCall)('approve');
    expect([unsaid.code, unsaid.stderr]).toEqual([1, expect.stringContaining('Specify ids of remediations')]);
    const unasked = await by(onCall)('approve', '--rule', 's3-bucket-well-kept');
    expect([unasked.code, unasked.stderr]).toEqual([1, expect.stringContaining('pass --yes')]);
    expect(unasked.stdout).toContain(found[0]?.remediation);
    const refused = await by(viewer)('approve', found[0]?.remediation ?? '');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('refused (forbidden)')]);
    expect(central.messages()).toEqual([]);

    const approved = await by(onCall)('approve', '--rule', 's3-bucket-well-kept', '--yes', '--why', 'as agreed');
    expect({ code: approved.code, stderr: approved.stderr }).toEqual({ code: 0, stderr: '' });
    expect(approved.stdout).toContain('2 of 2  done');
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }, { outcome: 'fixed' }]);
    expect((await central.trail(found[0]?.remediation ?? '')).find(({ kind }) => kind === 'approved')?.actor).toMatch(
      /:assumed-role\/OnCall\//,
    );
    expect((await by(viewer)('approvals')).stdout).toContain('No plan awaits approval.');

    const unallowed = await by(viewer)('rollback', found[0]?.remediation ?? '', '--deployed', '--yes', '--why', 'it broke');
    expect([unallowed.code, unallowed.stderr]).toEqual([1, expect.stringContaining('is not an approver')]);
    const back = await delivering(
      central,
      by(onCall)('rollback', '--rule', 's3-bucket-well-kept', '--deployed', '--yes', '--why', 'it broke'),
    );
    expect({ code: back.code, stderr: back.stderr }).toEqual({ code: 0, stderr: '' });
    expect(back.stdout).toMatch(
      /^1 of 2 {2}\w{26}\n {2}rolled-back {2}The state of the resource is the same as before the fix\..*\n2 of 2 {2}/m,
    );
    expect(back.stdout).toMatch(/^2 of 2 rolled back$/m);
    for (const { bucket } of found) expect(await isKept(central.account, bucket)).toBe(false);
    expect(await by(onCall)('release', found[0]?.remediation ?? '', '--why', 'fixed the role')).toMatchObject({ code: 0 });
  });

  it('finish at once what is incomplete, or roll it back with all others', async () => {
    const { central, by, onCall, viewer } = await reached('fix');
    const [finished, reverted] = [await incomplete(central), await incomplete(central)];
    const listed = await by(viewer)('log', '--outcome', 'incomplete');
    for (const { remediation } of [finished, reverted]) expect(listed.stdout).toContain(remediation);
    const arn = `arn:aws:s3:::${finished.bucket}`;
    const fix = await by(viewer)('fix', arn, '--rule', 's3-bucket-well-kept', '--why', 'the role was mended');
    expect({ code: fix.code, stderr: fix.stderr }).toEqual({ code: 0, stderr: '' });
    expect((await central.delivered())[0]).toMatchObject({ outcome: 'fixed', remediation: finished.remediation });
    expect(await isKept(central.account, finished.bucket)).toBe(true);

    const back = await delivering(
      central,
      by(onCall)('rollback', '--rule', 's3-bucket-well-kept', '--deployed', '--yes', '--why', 'it broke'),
    );
    expect({ code: back.code, stderr: back.stderr }).toEqual({ code: 0, stderr: '' });
    expect(back.stdout).toMatch(/^2 of 2 rolled back$/m);
    for (const { remediation } of [finished, reverted]) expect(await central.last(remediation)).toMatchObject({ outcome: 'rolled-back' });
  });

  it('approve in bulk what was listed, each by its plan, and speak JSON to machines', async () => {
    const { central, by, onCall, given } = await reached('ask');
    const found = await idsOf(central, 2);
    const listed = JSON.parse((await by(onCall)('approvals', '--json')).stdout) as readonly { readonly plan: string }[];
    expect(listed).toHaveLength(2);
    const read = await by(onCall)('log', '--remediation', found[0]?.remediation ?? '');
    expect(read.stdout).toMatch(/^ {3}plan [0-9a-f]{64}$/m);
    const wrong = await by(onCall)('approve', found[0]?.remediation ?? '', '--plan', '0123456789abcdef', '--json');
    expect([wrong.code, JSON.parse(wrong.stdout)]).toEqual([1, expect.objectContaining({ done: false, refused: 'conflict' })]);
    const many = await by(onCall)('approve', ...found.map(({ remediation }) => remediation), '--plan', '0123456789abcdef');
    expect([many.code, many.stderr]).toEqual([1, expect.stringContaining('--plan requires the id of exactly one remediation')]);

    const approved = await by(onCall)('approve', '--rule', 's3-bucket-well-kept', '--yes', '--json');
    expect(approved.code).toBe(0);
    expect(JSON.parse(approved.stdout)).toMatchObject([{ done: true }, { done: true }]);
    expect(given.slice(-2)).toMatchObject(listed.map(({ plan }) => ({ order: 'approve', plan })));
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }, { outcome: 'fixed' }]);
  });

  it('reject, have a resource looked at, stop, start and close', async () => {
    const { central, by, onCall, viewer } = await reached('ask');
    const [one] = await idsOf(central, 1);
    expect(await by(onCall)('reject', one?.remediation ?? '', '--why', 'a public site')).toMatchObject({ code: 0 });
    expect(await central.last(one?.remediation ?? '')).toMatchObject({ kind: 'rejected' });
    const unfit = await by(onCall)('approve', 'nope', '--plan', 'x');
    expect([unfit.code, unfit.stderr]).toEqual([
      1,
      'refused (invalid)  The request is invalid: remediation "nope" is not a valid remediation id of 26 letters and digits; plan "x" is not a valid plan hash: specify at least its first 16 digits.\n',
    ]);
    const bucket = await badBucket(central.account);
    expect((await by(viewer)('fix', `arn:aws:s3:::${bucket}`, '--rule', 's3-bucket-wel-kept', '--why', 'for the audit')).stderr).toBe(
      'refused (not-found)  The rule s3-bucket-wel-kept does not exist. Did you mean s3-bucket-well-kept?\n',
    );
    expect(await by(viewer)('fix', `arn:aws:s3:::${bucket}`, '--rule', 's3-bucket-well-kept', '--why', 'for the audit')).toMatchObject({
      code: 0,
    });
    expect(await central.delivered()).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect(await by(viewer)('stop', '--why', 'uploads fail')).toMatchObject({ code: 0 });
    expect(await by(viewer)('resume', '--why', 'all is well')).toMatchObject({ code: 1 });
    expect(await by(onCall)('resume', '--why', 'all is well')).toMatchObject({ code: 0 });
    const closed = await by(onCall)('breaker', 'close', 's3-bucket-well-kept', '--why', 'fixed the role');
    expect([closed.code, closed.stderr]).toEqual([1, expect.stringContaining('is not open')]);
  });

  it('say so where the endpoint is none, or does not answer', async () => {
    const central = await open();
    for (const [POSTURE_CONTROL_URL, said] of [
      ['posture-control', 'POSTURE_CONTROL_URL "posture-control" is not a valid URL. Set it to the output ControlUrl'],
      ['http://127.0.0.1:64999/', 'does not respond: connect ECONNREFUSED 127.0.0.1:64999. Check the network'],
    ] as const)
      expect(await posture(['stop', '--why', 'uploads fail'], { ...environmentOf(central.account), POSTURE_CONTROL_URL })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(said),
      });
  });

  it('are let in only where they are signed, and as they were signed', async () => {
    const { central, url: endpoint, by, onCall } = await reached('ask');
    const body = '{"order":"stop","why":"uploads fail"}';
    expect((await fetch(endpoint, { method: 'POST', body })).status).toBe(403);
    const stolen = { ...onCall, secretAccessKey: `${onCall.secretAccessKey}x` };
    const wrong = await by(stolen)('stop', '--why', 'uploads fail');
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('is not authorized to call the control endpoint')]);
    const stranger = await by(await assumeRole(central.emulator.gateway, `arn:aws:iam::${central.account.account}:role/Stranger`))(
      'stop',
      '--why',
      'uploads fail',
    );
    expect(stranger.code).toBe(1);
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'awaiting-approval' });
  });
});
