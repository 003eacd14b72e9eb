import * as z from 'zod';

/** What a Lambda function URL with IAM authorization makes of a request. Source: the payload of function URLs, format 2.0. */
const request = z.object({
  version: z.literal('2.0'),
  body: z.string().max(100_000).optional(),
  isBase64Encoded: z.boolean().optional(),
  requestContext: z.object({
    http: z.object({ method: z.string() }),
    authorizer: z.object({ iam: z.object({ userArn: z.string().regex(/^arn:aws(-[a-z]+)*:(iam|sts)::\d{12}:[!-~]+$/) }) }),
  }),
});

/** The order of a request, as yet unread, and who signed it. */
export interface Signed {
  readonly by: string;
  readonly given: unknown;
}

/** A request to the function URL; undefined for any other event. What is not JSON is read as nothing, which is no order. */
export function readRequest(event: unknown): Signed | undefined {
  const parsed = request.safeParse(event);
  if (!parsed.success) return undefined;
  const { body = '', isBase64Encoded, requestContext } = parsed.data;
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  return { by: requestContext.authorizer.iam.userArn, given: jsonOf(text) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
