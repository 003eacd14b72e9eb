import { required } from '../../rules/detector-parameters';

test.each(['constructor', '__proto__', 'yes', ''])('whether something is required is not read from %j', (text) => {
  expect(required('any').read(text)).toBeUndefined();
});

test.each([
  ['true', true],
  [' False ', false],
])('whether something is required is read from %j', (text, read) => {
  expect(required('any').read(text)).toBe(read);
});
