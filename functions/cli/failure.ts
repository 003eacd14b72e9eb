import { quote, sanitize } from '../untrusted-text';

/** An expected error; the message says what is wrong, why, and what to do, and is shown as is. */
export class Unable extends Error {
  override readonly name = 'Unable';
  /** The single errors, each on its own line. */
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

const signIn = 'Sign in again (`aws sso login`, or get new keys), or specify another profile with --profile';

/** By names and messages of AWS and network errors; the first match applies. */
const advices: readonly Advice[] = [
  {
    sign: /Region is missing/i,
    said: 'No AWS Region is set. Specify --region, such as --region eu-west-1, set AWS_REGION, or add a Region to the profile.',
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
        ? 'No AWS credentials were found. Sign in (`aws sso login`), set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or specify --profile.'
        : `The AWS profile ${quote(profile)} has no credentials. Check it with \`aws configure list --profile\`, or specify another one of \`aws configure list-profiles\`.`;
    },
  },
  {
    sign: /InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|AuthFailure|InvalidAccessKeyId|InvalidSignatureException/,
    said: `AWS rejected these credentials as invalid. ${signIn}.`,
  },
  {
    sign: /not authorized to perform: sts:AssumeRole|AssumeRoleUnauthorizedAccess/i,
    said: 'The resource is in another account. The member roles trust only the deployed functions: for `replay` and `rollback`, specify --deployed.',
  },
  {
    sign: /AccessDenied|UnauthorizedOperation|NotAuthorized|not authorized to perform|^Forbidden/i,
    said: 'Access denied: these credentials lack a permission. `posture rules <id>` lists the permissions of a rule; the log and coordination tables require dynamodb:Query, PutItem, UpdateItem and DescribeTable.',
  },
  {
    sign: /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|ProvisionedThroughputExceeded/i,
    said: 'AWS throttles the requests. Try again in a minute, or with fewer rules or resources.',
  },
  {
    sign: /PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint/,
    said: 'The bucket is in another Region. Specify its Region with --region.',
  },
  {
    sign: /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|TimeoutError/,
    said: 'AWS cannot be reached. Check the network, the Region, and AWS_ENDPOINT_URL if it is set.',
  },
];

/** An error message for the terminal: first what to do, then the details; never a stack trace. */
export function explain(error: unknown): string {
  const said = sentence(error);
  if (error instanceof Unable) return [said, ...error.points.map((point) => `  ${inOneLine(point)}`)].join('\n');
  const signs = `${nameOf(error)} ${codeOf(error)} ${said}`;
  const advice = advices.find(({ sign }) => sign.test(signs));
  const endpoint = process.env.AWS_ENDPOINT_URL && codeOf(error).startsWith('E') ? ` at ${sanitize(process.env.AWS_ENDPOINT_URL)}` : '';
  const detail = `${nameOf(error)}${endpoint}: ${said}`;
  return advice ? `${advice.said}\n  ${detail}` : `Unexpected error; --debug shows the stack trace.\n  ${detail}`;
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
