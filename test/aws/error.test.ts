import * as z from 'zod';
import { isTransient, describe as sentenceOf } from '../../functions/aws/error';

const error = (name: string, more: object = {}) =>
  Object.assign(new Error('by the test'), { name, $metadata: { httpStatusCode: 400 }, ...more });
const cancelled = (...codes: string[]) => error('TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });

describe('an error of AWS', () => {
  it.each([
    ['throttling', error('ThrottlingException')],
    ['a rate by any other name', error('LimitExceededException', { $metadata: { httpStatusCode: 429 } })],
    ['a fault of the service', error('InternalError', { $fault: 'server', $metadata: { httpStatusCode: 500 } })],
    ['a signature too late', error('InvalidSignatureException', { message: 'Signature expired: 20261124T100000Z' })],
    ['a clock that the SDK has set right', error('RequestTimeTooSkewed', { $metadata: { clockSkewCorrected: true } })],
    ['a connection that broke', error('Error', { code: 'ECONNRESET' })],
    ['a transaction of others', error('TransactionConflictException')],
    ['transactions that met', cancelled('None', 'TransactionConflict')],
    ['a table under load', cancelled('ThrottlingError', 'TransactionConflict', 'None')],
  ])('passes: %s', (_, given) => expect(isTransient(given)).toBe(true));

  it.each([
    ['a permission that is missing', error('AccessDeniedException', { $metadata: { httpStatusCode: 403 } })],
    ['credentials that EC2 does not accept', error('AuthFailure', { $metadata: { httpStatusCode: 401 } })],
    ['a quota that is used up', error('LimitExceededException', { $metadata: { httpStatusCode: 409 } })],
    ['a condition that does not hold', cancelled('ConditionalCheckFailed', 'TransactionConflict')],
    ['a transaction that does not fit', cancelled('ValidationError', 'None')],
    ['anything else', new Error('ours')],
  ])('does not pass by itself: %s', (_, given) => expect(isTransient(given)).toBe(false));
});

it('an error of the library that checks or parses never stands in a sentence that people read', () => {
  const { error } = z
    .object({ events: z.array(z.object({ at: z.string(), size: z.number().max(3) })) })
    .safeParse({ events: [{ at: 7, size: 1 }] });
  expect(sentenceOf(error)).toBe('UnexpectedAnswer: events.0.at must be of the type string');
  expect(sentenceOf(new SyntaxError('Unexpected token'))).toBe('UnexpectedAnswer: the text is not valid JSON');
});
