import { withoutQuotes } from '../../rules/amendment';

it('takes what AWS quotes of an input out of its error, except what the log has', () => {
  const sent = {
    family: 'web-shop',
    containerDefinitions: [{ environment: [{ name: 'DB_PASSWORD', value: 'hunter2-hunter2' }] }],
    short: 'a',
  };
  const message = "1 validation error: Value 'hunter2-hunter2' of a container in web-shop failed to satisfy a constraint";
  expect(withoutQuotes(message, sent, { family: 'web-shop' })).toBe(
    "1 validation error: Value '…' of a container in web-shop failed to satisfy a constraint",
  );
});

it('takes the longer of two texts first, so that nothing of it is left', () => {
  expect(withoutQuotes('got secret-secret-2', { a: 'secret-secret', b: 'secret-secret-2' }, {})).toBe('got …');
});
