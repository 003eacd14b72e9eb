import { randomUUID } from 'node:crypto';
import type { Operation } from './operation';
import type { Answer } from './upstream';

export interface Fault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const escaped = (text: string) => text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);

const answer = (status: number, body: string | Buffer, headers: Readonly<Record<string, string>>): Answer => ({
  status,
  rawHeaders: Object.entries(headers).flat(),
  headers,
  body: Buffer.from(body),
});

/** What a JSON service answers when all went well. */
export const jsonAnswer = (body: unknown): Answer =>
  answer(200, JSON.stringify(body), { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID() });

/** What a service that speaks XML answers when all went well. */
export const xmlAnswer = (body: string): Answer =>
  answer(200, `<?xml version="1.0" encoding="UTF-8"?>\n${body}`, { 'content-type': 'text/xml', 'x-amzn-requestid': randomUUID() });

const cborText = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(3);
  head.writeUInt8(0x79);
  head.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
};

/** An error in the form that the service itself would give it. */
export const errorAnswer = ({ protocol, service }: Pick<Operation, 'protocol' | 'service'>, { status, code, message }: Fault): Answer => {
  const id = randomUUID();
  const xml = (body: string) =>
    answer(status, `<?xml version="1.0" encoding="UTF-8"?>\n${body}`, { 'content-type': 'application/xml', 'x-amzn-requestid': id });
  const said = `<Code>${escaped(code)}</Code><Message>${escaped(message)}</Message>`;
  switch (protocol) {
    case 'json':
      return answer(status, JSON.stringify({ __type: code, message }), {
        'content-type': 'application/x-amz-json-1.1',
        'x-amzn-requestid': id,
      });
    case 'rest-json':
      // Some services spell the member one way, some the other.
      return answer(status, JSON.stringify({ message, Message: message }), {
        'content-type': 'application/json',
        'x-amzn-errortype': code,
        'x-amzn-requestid': id,
      });
    case 'ec2':
      return xml(`<Response><Errors><Error>${said}</Error></Errors><RequestID>${id}</RequestID></Response>`);
    case 'query':
      return xml(
        `<ErrorResponse><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>${said}</Error><RequestId>${id}</RequestId></ErrorResponse>`,
      );
    case 'rest-xml':
      return service === 's3'
        ? xml(`<Error>${said}<RequestId>${id}</RequestId></Error>`)
        : xml(`<ErrorResponse><Error>${said}</Error><RequestId>${id}</RequestId></ErrorResponse>`);
    case 'cbor':
      return answer(
        status,
        Buffer.concat([Buffer.from([0xa2]), cborText('__type'), cborText(code), cborText('message'), cborText(message)]),
        { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor', 'x-amzn-requestid': id },
      );
  }
};

const denials: Readonly<Record<Operation['protocol'], { readonly status: number; readonly code: string }>> = {
  json: { status: 400, code: 'AccessDeniedException' },
  cbor: { status: 400, code: 'AccessDeniedException' },
  'rest-json': { status: 403, code: 'AccessDeniedException' },
  'rest-xml': { status: 403, code: 'AccessDenied' },
  query: { status: 403, code: 'AccessDenied' },
  ec2: { status: 403, code: 'UnauthorizedOperation' },
};

/** A refusal for want of permission, as the service would give it. */
export const denied = (protocol: Operation['protocol'], message: string): Fault => ({ ...denials[protocol], message });

const throttlings: Readonly<Record<Operation['protocol'], { readonly status: number; readonly code: string }>> = {
  json: { status: 400, code: 'ThrottlingException' },
  cbor: { status: 400, code: 'ThrottlingException' },
  'rest-json': { status: 429, code: 'TooManyRequestsException' },
  'rest-xml': { status: 503, code: 'SlowDown' },
  query: { status: 400, code: 'Throttling' },
  ec2: { status: 503, code: 'RequestLimitExceeded' },
};

/** Too many calls, as the service would say it: the SDK tries again. */
export const throttled = (protocol: Operation['protocol']): Fault => ({ ...throttlings[protocol], message: 'Rate exceeded' });
