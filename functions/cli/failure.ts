import { sanitize, quote } from '../untrusted-text';

/** Something can't be done; the message says what, why, and what to do, and is shown as it is. */
export class Unable extends Error {
  override readonly name = 'Unable';
  /** What is wrong one by one, each on a line of its own. */
  readonly points: readonly string[];

  constructor(message: string, points: readonly string[] = []) {
    super(message);
    this.points = points;
  }
}

interface Advice {
  readonly sign: RegExp;
  readonly said: string;
}

const signIn = 'Sign in again (`aws sso login`, or get new keys), or name another profile with --profile';

/** By the names and messages of AWS and of the network, the first that fits. */
const advices: readonly Advice[] = [
  {
    sign: /Region is missing/i,
    said: 'No AWS region is set. Give --region eu-west-1, set AWS_REGION, or put a region into the profile.',
  },
  {
    sign: /SSO session .*(expired|invalid)|Token is expired|ExpiredToken|RequestExpired|TokenRefreshRequired/i,
    said: `The AWS credentials have expired. ${signIn}.`,
  },
  {
    sign: /CredentialsProviderError|Could not (load|resolve) credentials/i,
    get said() {
      const { AWS_PROFILE: profile } = process.env;
      return profile === undefined
        ? 'No AWS credentials were found. Sign in (`aws sso login`), set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give --profile.'
        : `The AWS profile ${quote(profile)} gives no credentials. Look at it with \`aws configure list --profile\`, or give another one of \`aws configure list-profiles\`.`;
    },
  },
  {
    sign: /InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|AuthFailure|InvalidAccessKeyId|InvalidSignatureException/,
    said: `AWS does not know these credentials. ${signIn}.`,
  },
  {
    sign: /AccessDenied|UnauthorizedOperation|NotAuthorized|not authorized to perform|^Forbidden/i,
    said: 'These credentials may not do this. `posture rules <id>` lists the permissions of a rule; the log and coordination tables need dynamodb:Query, PutItem, UpdateItem and DescribeTable.',
  },
  {
    sign: /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|ProvisionedThroughputExceeded/i,
    said: 'AWS answers too slowly to so many calls. Try again in a minute, or ask for less at once: fewer rules, or one resource.',
  },
  {
    sign: /PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint/,
    said: 'The bucket is in another region. Give that one with --region.',
  },
  {
    sign: /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|TimeoutError/,
    said: 'AWS can not be reached. Look at the network, the region, and AWS_ENDPOINT_URL where it is set.',
  },
];

/** An error for people: what to do first, then what was said; never a stack. */
export function explain(error: unknown): string {
  const said = sentence(error);
  if (error instanceof Unable) return [said, ...error.points.map((point) => `  ${inOneLine(point)}`)].join('\n');
  const signs = `${nameOf(error)} ${codeOf(error)} ${said}`;
  const advice = advices.find(({ sign }) => sign.test(signs));
  const endpoint = process.env.AWS_ENDPOINT_URL && codeOf(error).startsWith('E') ? ` at ${sanitize(process.env.AWS_ENDPOINT_URL)}` : '';
  const detail = `${nameOf(error)}${endpoint}: ${said}`;
  return advice ? `${advice.said}\n  ${detail}` : `This was not foreseen; --debug shows where.\n  ${detail}`;
}

/** The error in one line, without what could mislead a reader. */
export function sentence(error: unknown): string {
  return inOneLine(error instanceof Error ? error.message || codeOf(error) || error.name : String(error));
}

const inOneLine = (text: string): string => sanitize(text.replace(/\s+/g, ' '), 2000);

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'Error');

const codeOf = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
};
