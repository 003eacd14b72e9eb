import type { Model } from './model';
import { problemsIn } from './problems';

const text = { shape: 'Text' };
const model: Model = {
  metadata: { serviceId: 'Post Office' },
  operations: { SendLetter: { input: { shape: 'Letter' }, output: { shape: 'Letter' } }, BurnLetter: {} },
  shapes: {
    Letter: {
      type: 'structure',
      required: ['To', 'Token'],
      members: {
        To: text,
        Token: { shape: 'Text', idempotencyToken: true },
        Class: { shape: 'Class' },
        Stamps: { shape: 'Stamps' },
        Marks: { shape: 'Marks' },
        Weight: { shape: 'Weight' },
        Number: { shape: 'Number' },
        Insured: { shape: 'Flag' },
        Due: { shape: 'Time' },
        Seal: { shape: 'Seal' },
        Parcel: { shape: 'Letter', streaming: true },
        Form: { shape: 'Form' },
        Return: { shape: 'Return' },
        Notes: { shape: 'Text', jsonvalue: true },
        Postmark: { shape: 'Postmark' },
        Code: { shape: 'Code' },
      },
    },
    Text: { type: 'string', min: 2, max: 5, pattern: '^[a-z]*$' },
    Class: { type: 'string', enum: ['first', 'second'] },
    Stamps: { type: 'list', member: { shape: 'Class' }, max: 2 },
    Marks: { type: 'map', key: text, value: { shape: 'Number' } },
    Weight: { type: 'integer', min: 1, max: 20 },
    Number: { type: 'long' },
    Flag: { type: 'boolean' },
    Postmark: { type: 'string', pattern: '^\\p{Print}+$' },
    Code: { type: 'string', pattern: '^[\\p{Graph}]+$' },
    Time: { type: 'timestamp' },
    Seal: { type: 'blob', max: 2 },
    Form: { type: 'structure', document: true },
    Return: { type: 'structure', union: true, members: { Never: { shape: 'Flag' }, To: text } },
  },
};

describe('an input', () => {
  it.each([
    { To: 'bob', Class: 'first', Stamps: ['first', 'second'], Marks: { red: 1 }, Weight: 20, Number: 3e9 },
    { To: 'bob', Insured: false, Due: new Date(0), Seal: Buffer.from('ok'), Return: { To: 'eve' }, Notes: { any: 'JSON' } },
    { To: 'bob', Class: undefined, Parcel: 'a stream', Form: { of: ['any', { kind: true }] }, Number: 10n },
    { To: 'bob', Postmark: 'Paris, 1900', Code: 'of a class that JavaScript lacks' },
  ])('that the model allows has no problem', (input) => {
    expect(problemsIn(model, 'SendLetter', 'input', input)).toEqual([]);
  });

  it.each([
    [{}, 'input lacks To.'],
    [{ To: undefined }, 'input lacks To.'],
    [{ Too: 'bob' }, 'input has no member Too.'],
    [{ To: 1 }, 'input.To is not a string: "1".'],
    [{ To: null }, 'input.To is not a string: null.'],
    [{ To: 'x' }, 'input.To has 1 characters, and not 2 to 5.'],
    [{ To: 'Bob' }, 'input.To does not match ^[a-z]*$: "Bob".'],
    [{ To: 'bob', Postmark: 'Orléans' }, 'input.Postmark does not match ^\\p{Print}+$: "Orléans".'],
    [{ To: 'bob', Class: 'third' }, 'input.Class is "third", and none of first, second.'],
    [{ To: 'bob', Stamps: 'first' }, 'input.Stamps is not a list: "first".'],
    [{ To: 'bob', Stamps: ['first', 'first', 'first'] }, 'input.Stamps has 3 items, and not -Infinity to 2.'],
    [{ To: 'bob', Stamps: ['first', 'third'] }, 'input.Stamps[1] is "third", and none of first, second.'],
    [{ To: 'bob', Marks: [] }, 'input.Marks is not a map: [].'],
    [{ To: 'bob', Marks: { RED: 1 } }, 'the key "RED" of input.Marks does not match ^[a-z]*$: "RED".'],
    [{ To: 'bob', Marks: { red: 1.5 } }, 'input.Marks.red is not an integer: "1.5".'],
    [{ To: 'bob', Weight: 21 }, 'input.Weight is 21, and not 1 to 20.'],
    [{ To: 'bob', Weight: 2 ** 31 }, 'input.Weight is not a 32-bit integer: "2147483648".'],
    [{ To: 'bob', Insured: 'no' }, 'input.Insured is not a boolean: "no".'],
    [{ To: 'bob', Due: '2026-11-24' }, 'input.Due is not a Date: "2026-11-24".'],
    [{ To: 'bob', Seal: Buffer.from('not') }, 'input.Seal has 3 bytes, and not -Infinity to 2.'],
    [{ To: 'bob', Return: {} }, 'input.Return is a union, and holds nothing.'],
    [{ To: 'bob', Return: { Never: true, To: 'eve' } }, 'input.Return is a union, and holds Never, To.'],
  ])('%j is refused', (input, problem) => {
    expect(problemsIn(model, 'SendLetter', 'input', input)).toEqual([problem]);
  });

  it('may hold more where the SDK leaves it out', () => {
    expect(problemsIn(model, 'SendLetter', 'input', { To: 'bob', Sent: true }, { mayHoldMore: true })).toEqual([]);
    expect(problemsIn(model, 'SendLetter', 'input', { Sent: true }, { mayHoldMore: true })).toEqual(['input lacks To.']);
  });

  it('is none of an operation that the model lacks', () => {
    expect(problemsIn(model, 'EatLetter', 'input', {})).toEqual(['Post Office has no operation EatLetter.']);
  });
});

describe('an answer', () => {
  it.each([{ $metadata: {} }, { To: 'B' }, { To: 'bob', Stamps: ['first', 'first', 'first'], Weight: 21 }])(
    'may be as short or as long as a test likes: %j',
    (answer) => {
      expect(problemsIn(model, 'SendLetter', 'output', answer)).toEqual([]);
    },
  );

  it.each([
    [{ Return: { Too: 'bob' } }, 'output.Return has no member Too.'],
    [{ To: 1 }, 'output.To is not a string: "1".'],
    [{ Stamps: ['third'] }, 'output.Stamps[0] is "third", and none of first, second.'],
    [{ Return: {} }, 'output.Return is a union, and holds nothing.'],
  ])('%j is refused', (answer, problem) => {
    expect(problemsIn(model, 'SendLetter', 'output', answer)).toEqual([problem]);
  });

  it('may also hold what other operations answer', () => {
    expect(problemsIn(model, 'SendLetter', 'output', { To: 'bob', Burnt: 1 })).toEqual([]);
    expect(problemsIn(model, 'BurnLetter', 'output', { Burnt: 1 })).toEqual([]);
  });
});
