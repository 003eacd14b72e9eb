import * as z from 'zod';
import type { OrderRequest } from './order-request';
import { refuse } from './reply';

/** What a Lambda function URL, and an HTTP API of API Gateway as well, makes of a request. Source: their payload format 2.0. */
const request = z.object({
  version: z.literal('2.0'),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
});

/** What IAM authorization adds to it: whose signature it was. Nothing else of a request tells who gives the order. */
const signature = z.object({
  requestContext: z.object({
    authorizer: z.object({ iam: z.object({ userArn: z.string(), accountId: z.string().optional() }) }),
  }),
});

const arn = /^arn:aws(-[a-z]+)*:(iam|sts)::(\d{12}):[!-~]+$/;
/** Longer than any order; Lambda itself takes six megabytes. */
const maxBytes = 20_000;

/** The ARN of a person or a role, of that account where it is known. */
export const isCaller = (text: string, account?: string): boolean => {
  const [, , , own] = arn.exec(text) ?? [];
  return own !== undefined && (account === undefined || account === own);
};

/** A signed request, or why it gives no order; undefined for any other event. */
export function readRequest(event: unknown): OrderRequest | undefined {
  const parsed = request.safeParse(event);
  if (!parsed.success) return undefined;
  const signed = signature.safeParse(event);
  const { userArn = '', accountId } = signed.data?.requestContext.authorizer.iam ?? {};
  if (!isCaller(userArn, accountId))
    return { refusal: refuse('forbidden', 'IAM does not tell who signed the request, so it gives no order.'), by: 'nobody known' };
  const { body = '', isBase64Encoded, requestContext } = parsed.data;
  const unfit = (reason: string) => ({ refusal: refuse('invalid', reason), by: userArn });
  if (requestContext.http.method !== 'POST') return unfit('Orders are given by POST.');
  if (body.length > maxBytes) return unfit(`The body has ${body.length} characters, and no order has more than ${maxBytes}.`);
  const given = jsonOf(isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body);
  return given === undefined ? unfit('The body is no JSON.') : { by: userArn, given };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
