import { PutBucketPolicyCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { chain } from '../../functions/log/chain';
import type { Effect, EventInput, LogEvent, LoggedChange } from '../../functions/log/event';
import { loggedChange } from '../../functions/plan/change';
import { effectsIn } from '../../functions/plan/effects';
import { endOf, intentsIn, openIntents, phaseIn } from '../../functions/plan/intents';
import type { Change } from '../../rules/rule';

const subject = {
  remediation: '01K6Z3NDEKTSV4RRFFQ69G5FAV',
  rule: 'r',
  version: '1',
  finding: 'f',
  source: 'config',
  detectedBy: 'c',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  resource: 'arn:aws:s3:::b',
  resourceType: 'AWS::S3::Bucket',
};
const policy = (Policy: string): Change => ({
  do: new PutBucketPolicyCommand({ Bucket: 'b', Policy }),
  undo: new PutBucketPolicyCommand({ Bucket: 'b', Policy: 'old' }),
});
const versioning = (Status: 'Enabled' | 'Suspended'): Change['do'] =>
  new PutBucketVersioningCommand({ Bucket: 'b', VersioningConfiguration: { Status } });
const versioned: Change = { do: versioning('Enabled'), undo: versioning('Suspended') };
const changes: readonly LoggedChange[] = [policy('new'), versioned].map(loggedChange);

type Given = Partial<EventInput> & Pick<EventInput, 'kind'>;
const planned: Given = { kind: 'planned', changes, plan: 'hash', before: { at: 0 }, parameters: {} };

function trail(...inputs: readonly Given[]): readonly LogEvent[] {
  let last: LogEvent | undefined;
  return inputs.map((input) => {
    last = chain(subject, last, { reason: 'r', actor: 'a', ...input }, new Date('2026-11-29T12:00:00Z'));
    return last;
  });
}

const effectsOf = (events: readonly LogEvent[]) => intentsIn(events).map(({ effects }) => effects.join(' '));

describe('the trail says what is known of each change', () => {
  it.each<[string, readonly Given[], readonly string[], number]>([
    ['after a crash', [planned], ['unknown unknown'], 1],
    ['once AWS has accepted them', [planned, { kind: 'applied' }], ['accepted accepted'], 1],
    ['once they are verified', [planned, { kind: 'applied' }, { kind: 'verified', outcome: 'fixed' }], ['accepted accepted'], 0],
    ['while AWS completes them', [planned, { kind: 'applied', outcome: 'verifying' }], ['accepted accepted'], 1],
    ['once they are reverted', [planned, { kind: 'reverted', outcome: 'failed' }], ['not-made not-made'], 0],
    ['half done', [planned, { kind: 'incomplete', outcome: 'incomplete', effects: ['accepted', 'unknown'] }], ['accepted unknown'], 1],
    [
      'deferred before the first',
      [planned, { kind: 'deferred', outcome: 'deferred', effects: ['not-made', 'not-made'] }],
      ['not-made not-made'],
      0,
    ],
    ['where others removed the resource', [planned, { kind: 'skipped', outcome: 'resource-not-found' }], ['unknown unknown'], 0],
    [
      'where they are not verified in time',
      [planned, { kind: 'applied' }, { kind: 'failed', outcome: 'unverified' }],
      ['accepted accepted'],
      1,
    ],
    [
      'where the rest waits for an approval, half done',
      [planned, { kind: 'approval-requested', outcome: 'awaiting-approval', effects: ['seen', 'not-made'] }],
      ['seen not-made'],
      1,
    ],
    [
      'with a plan that replaces it',
      [planned, { ...planned, effects: ['not-made', 'not-made'] }],
      ['not-made not-made', 'unknown unknown'],
      2,
    ],
    [
      'while a rollback is under way',
      [planned, { kind: 'applied' }, { kind: 'verified', outcome: 'fixed' }, { kind: 'rollback-requested' }],
      ['accepted accepted'],
      1,
    ],
    [
      'after a rollback that failed',
      [
        planned,
        { kind: 'verified', outcome: 'fixed', effects: ['accepted', 'seen'] },
        { kind: 'rollback-requested' },
        { kind: 'rollback-failed', outcome: 'rollback-failed' },
      ],
      ['accepted seen'],
      1,
    ],
    [
      'after a rollback',
      [planned, { kind: 'applied' }, { kind: 'rollback-requested' }, { kind: 'rolled-back', outcome: 'rolled-back' }],
      ['not-made not-made'],
      0,
    ],
  ])('%s', (_, inputs, effects, open) => {
    const events = trail(...inputs);
    expect(effectsOf(events)).toEqual(effects);
    expect(openIntents(events)).toHaveLength(open);
  });

  it('ignores effects of another number of changes', () => {
    expect(effectsOf(trail(planned, { kind: 'incomplete', outcome: 'incomplete', effects: ['not-made'] }))).toEqual(['unknown unknown']);
  });

  it('keeps the first state after the changes, and notes that a later one differs', () => {
    const [intent] = intentsIn(
      trail(
        planned,
        { kind: 'incomplete', outcome: 'incomplete', after: { at: 1 } },
        { kind: 'verified', outcome: 'fixed', after: { at: 2 } },
      ),
    );
    expect(intent).toMatchObject({ after: { at: 1 }, changedSince: true });
  });
});

it('a phase ends with a request for an approval, and what people said in between does not count', () => {
  const events = trail({ kind: 'approval-requested', outcome: 'awaiting-approval' }, { kind: 'approved' }, planned);
  expect(phaseIn(events)).toMatchObject({ number: 2, events: [{ kind: 'approved' }, { kind: 'planned' }] });
  expect(endOf(events)).toBeUndefined();
  expect(endOf([...events, ...trail({ kind: 'applied' }, { kind: 'verified', outcome: 'fixed' })])).toBe('fixed');
});

describe('a look at the resource', () => {
  const unknown: readonly Effect[] = ['unknown', 'unknown'];
  const look = (state: object, plan: readonly Change[], effects = unknown, slow = false) =>
    effectsIn({ changes, before: { at: 0 }, effects }, { state: state as never, plan }, slow);

  it.each<[string, readonly Effect[], readonly Effect[]]>([
    ['shows no change where the state is the one before', look({ at: 0 }, [policy('new'), versioned]), ['not-made', 'not-made']],
    ['shows those that are not needed any more', look({ at: 1 }, [versioned]), ['seen', 'not-made']],
    [
      'cannot tell where the same operation is needed with another input',
      look({ at: 1 }, [policy('newer'), versioned]),
      ['unknown', 'not-made'],
    ],
    ['keeps what AWS has accepted', look({ at: 1 }, [], ['accepted', 'unknown']), ['accepted', 'seen']],
    ['does not find what was not sent', look({ at: 1 }, [], ['seen', 'not-made']), ['seen', 'not-made']],
    ['shows nothing for certain where AWS is slow', look({ at: 0 }, [policy('new'), versioned], unknown, true), unknown],
  ])('%s', (_, effects, expected) => {
    expect(effects).toEqual(expected);
  });
});
