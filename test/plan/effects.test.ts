import type { LoggedChange } from '../../functions/log/event';
import { effectsIn } from '../../functions/plan/effects';

const obstacle = { blocked: 'It is being modified.', code: 'being-modified' };
const change: LoggedChange = {
  do: { service: 's3', operation: 'PutBucketVersioning', input: { Bucket: 'b' } },
  undo: 'revert-own-part',
};
const intent = { changes: [change], before: { versioned: false }, effects: ['unknown'] } as const;

describe('what a look shows of a change', () => {
  it('is that it was not made where the state is as before, also while the rule sees an obstacle', () => {
    expect(effectsIn(intent, { state: { versioned: false }, plan: obstacle }, false)).toEqual(['not-made']);
  });

  it('is nothing where the state differs and the rule sees an obstacle, or where AWS may not show it yet', () => {
    expect(effectsIn(intent, { state: { versioned: true }, plan: obstacle }, false)).toEqual(['unknown']);
    expect(effectsIn(intent, { state: { versioned: false }, plan: obstacle }, true)).toEqual(['unknown']);
  });

  it('is that it was made where the rule needs it no more', () => {
    expect(effectsIn(intent, { state: { versioned: true }, plan: [] }, false)).toEqual(['seen']);
  });
});
