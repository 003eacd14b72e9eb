import type { Intent } from '../../functions/plan/intents';
import { isOwnWork, mayHoldOthers } from '../../functions/rollback/own-work';
import type { Json } from '../../rules/rule';

const call = (input: Json) => ({ service: 's3', operation: 'Put', input });

/** One change, from these settings to those. */
const intent = (states: { readonly before: Json; readonly after?: Json }, undo: Json, made: Json): Intent => ({
  ...states,
  changes: [{ do: call(made), undo: call(undo) }],
  effects: ['accepted'],
  plan: undefined,
  parameters: {},
  time: '2026-03-01T00:00:00Z',
});

describe('the state after a change', () => {
  it.each([
    ['has the value that was sent', { before: { on: false }, after: { on: true } }, { On: false }, { On: true }],
    [
      'has a policy with other spaces',
      { before: { text: '{"a": 1}' }, after: { text: '{"a": 2}' } },
      { Text: '{"a":1}' },
      { Text: '{"a":2}' },
    ],
    [
      'lacks a policy that an empty text removed',
      { before: { policy: '{"a": 1}' }, after: { policy: null } },
      { Policy: '{"a":1}' },
      { Policy: '' },
    ],
    ['is the one before', { before: { on: false }, after: { on: false } }, { On: false }, { On: true }],
  ])('is its own work: it %s', (_, states, undo, made) => {
    expect(isOwnWork(intent(states, undo, made))).toBe(true);
  });

  it.each([
    ['it has another value', { before: { days: 1 }, after: { days: 9 } }, { Days: 1 }, { Days: 7 }],
    ['a second setting has the same new value', { before: { a: false, b: false }, after: { a: true, b: true } }, { A: false }, { A: true }],
    ['a value is new', { before: { a: false }, after: { a: true, b: true } }, { A: false }, { A: true }],
    ['a list has one element more', { before: { all: [1] }, after: { all: [2, 3] } }, { All: [1] }, { All: [2] }],
    ['it is not in the log', { before: { a: false } }, { A: false }, { A: true }],
  ])('may be the work of others: %s', (_, states, undo, made) => {
    expect(isOwnWork(intent(states, undo, made))).toBe(false);
  });
});

describe('a document that a change replaced', () => {
  const [old, made, more] = [1, 2, 3].map((Sid) => JSON.stringify({ Statement: [{ Sid }] })) as [string, string, string];

  it.each([
    ['has what others added', { before: { policy: old }, after: { policy: more } }, { Policy: old }, { Policy: made }],
    ['is a list with one element more', { before: { all: [1] }, after: { all: [1, 2, 3] } }, { All: [1] }, { All: [1, 2] }],
    ['is new, and has what others added', { before: { policy: null }, after: { policy: more } }, {}, { Policy: made }],
  ])('may hold the work of others: it %s', (_, states, undo, done) => {
    expect(mayHoldOthers(intent(states, undo, done))).toBe(true);
  });

  it.each([
    ['it is in another form than it was sent', { before: { all: ['a'] }, after: { all: ['b'] } }, { All: [{ a: 1 }] }, { All: [{ b: 1 }] }],
    ['it is as it was sent', { before: { policy: old }, after: { policy: made } }, { Policy: old }, { Policy: made }],
    [
      'only a setting beside it differs',
      { before: { policy: old, on: 1 }, after: { policy: made, on: 2 } },
      { Policy: old },
      { Policy: made },
    ],
    ['the change replaces no document', { before: { all: [1], on: false }, after: { all: [1, 2], on: true } }, { On: false }, { On: true }],
  ])('holds its own work alone: %s', (_, states, undo, done) => {
    expect(mayHoldOthers(intent(states, undo, done))).toBe(false);
  });
});
