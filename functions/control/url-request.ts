import * as z from 'zod';
import type { OrderRequest } from './order-request';
import { type RefusalCode, refuse } from './reply';

/** The event of a Lambda function URL or an HTTP API of API Gateway. Source: their payload format 2.0. */
const request = z.object({
  version: z.literal('2.0'),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
});

/** The caller, which IAM authorization adds. Nothing else in the request identifies the caller. */
const signature = z.object({
  requestContext: z.object({
    authorizer: z.object({ iam: z.object({ userArn: z.string(), accountId: z.string().optional() }) }),
  }),
});

const arn = /^arn:aws(-[a-z]+)*:(iam|sts)::(\d{12}):[!-~]+$/;
/** Longer than any valid request; the limit of Lambda is 6 MB. */
const maxBytes = 20_000;

/** Whether the text is the ARN of an IAM principal, of the account if it is given. */
export const isCaller = (text: string, account?: string): boolean => {
  const [, , , own] = arn.exec(text) ?? [];
  return own !== undefined && (account === undefined || account === own);
};

/** A signed request, or why it is refused; undefined for any other event. */
export function readRequest(event: unknown): OrderRequest | undefined {
  const parsed = request.safeParse(event);
  if (!parsed.success) return undefined;
  const signed = signature.safeParse(event);
  const { userArn = '', accountId } = signed.data?.requestContext.authorizer.iam ?? {};
  if (!isCaller(userArn, accountId))
    return { refusal: refuse('forbidden', 'unknown-caller', 'IAM provides no valid ARN of the caller.'), by: 'unknown' };
  const { body = '', isBase64Encoded, requestContext } = parsed.data;
  const invalid = (code: RefusalCode, reason: string) => ({ refusal: refuse('invalid', code, reason), by: userArn });
  if (requestContext.http.method !== 'POST') return invalid('method-not-allowed', 'The HTTP method must be POST.');
  if (body.length > maxBytes) return invalid('body-too-large', `The body has ${body.length} characters. The maximum is ${maxBytes}.`);
  const given = jsonOf(isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body);
  return given === undefined ? invalid('not-json', 'The body is not valid JSON.') : { by: userArn, given };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
