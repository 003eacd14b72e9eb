import { readPolicy, stringsIn, writePolicy } from '../../rules/policy';
import * as fc from '../fast-check';

const statement = { Sid: 'One', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };

it('reads a single statement as a list of one', () => {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statement });
  expect(readPolicy(text)).toEqual({ elements: { Version: '2012-10-17', Statement: statement }, statements: [statement] });
});

it.each([
  ['no JSON', '{"Statement": ['],
  ['JSON with a comment', '{"Statement": [] /* none */}'],
  ['no object', '[]'],
  ['an object without statements', '{"Version":"2012-10-17"}'],
  ['a statement that is none', '{"Statement":["Allow"]}'],
  ['a list in the list of statements', '{"Statement":[[{"Effect":"Allow"}]]}'],
  ['a key that stands twice', '{"Statement":[{"Effect":"Deny","Effect":"Allow"}]}'],
  ['a number that a computer rounds', '{"Statement":[{"Condition":{"NumericEquals":{"x":12345678901234567890}}}]}'],
  ['keys that a computer reorders', '{"Statement":[{"b":1,"2":1}]}'],
])('refuses %s', (_, text) => expect(readPolicy(text)).toBeUndefined());

it('reads what is only written differently', () => {
  const text = '{\n  "Statement" : [ {"Sid":"\\u0041\\/ \\" {", "Count": 3 } ]\t}';
  expect(readPolicy(text)?.statements).toEqual([{ Sid: 'A/ " {', Count: 3 }]);
});

it('writes every policy again as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(fc.dictionary(fc.string(), fc.jsonValue())), fc.nat(4), (id, statements, indent) => {
      const text = JSON.stringify({ Id: id, Statement: statements }, null, indent);
      const policy = readPolicy(text);
      expect(policy && writePolicy(policy, policy.statements)).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

it('keeps the elements of a policy in their order', () => {
  const policy = readPolicy('{"Statement":{"Sid":"One"},"Id":"theirs","Version":"2008-10-17"}');
  expect(policy && writePolicy(policy, [...policy.statements, { Sid: 'Two' }])).toBe(
    '{"Statement":[{"Sid":"One"},{"Sid":"Two"}],"Id":"theirs","Version":"2008-10-17"}',
  );
});

it('takes one string or a list of them', () => {
  expect(stringsIn('a')).toEqual(['a']);
  expect(stringsIn(['a', 'b'])).toEqual(['a', 'b']);
  for (const other of [undefined, null, 1, { a: 'b' }, ['a', 1]]) expect(stringsIn(other)).toBeUndefined();
});
