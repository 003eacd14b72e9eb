import { plainSession } from '../account';
import type { Operation } from './operation';
import type { Answer, Sent } from './upstream';

/** Whose key it is. */
export interface Signer {
  readonly account: string;
  /** The role, if the key is of a role session. */
  readonly role?: string;
  /** `aws:userid` of the role session. */
  readonly userId?: string;
  /** The function that the key was made for, if Lambda made it: the session has the name of the function. */
  readonly function?: string;
}

/** Whose keys moto takes all those for that it has never given out. */
export const defaultAccount = '123456789012';

const text = (xml: string, element: string) => new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];

const accountOf = (arn: string | undefined) => arn?.split(':')[4];

/** The role of an `assumed-role` ARN, without its path: that is not part of it. */
const roleOf = (arn: string): string | undefined => {
  const [, partition = 'aws', account, role] = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return role === undefined ? undefined : `arn:${partition}:iam::${account}:role/${role}`;
};

/** Nobody but Lambda, whose part the tests play without an account, makes sessions for functions. */
const functionOf = ({ account, region }: { readonly account: string; readonly region: string }, by: Signer, session: string) =>
  by.role === undefined && session !== plainSession ? { function: `arn:aws:lambda:${region}:${account}:function:${session}` } : {};

const identityCall = (accessKeyId: string): Sent => ({
  method: 'POST',
  target: '/',
  rawHeaders: [
    'host',
    'sts.us-east-1.amazonaws.com',
    'content-type',
    'application/x-www-form-urlencoded; charset=utf-8',
    'authorization',
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0`,
  ],
  body: Buffer.from('Action=GetCallerIdentity&Version=2011-06-15'),
});

export interface Credentials {
  /** Whose key signed a call; moto is asked about a key that was given out elsewhere. */
  signerOf(accessKeyId: string | undefined): Promise<Signer>;
  /** Remembers the keys that an answer of STS or IAM gives out. */
  learn(operation: Pick<Operation, 'name' | 'input'>, by: Signer, region: string, answer: Answer): void;
}

/** The answer of GetCallerIdentity with the id that AssumeRole gave: moto makes up another each time where the role is not there. */
export const withUserId = (operation: string, { userId }: Signer, answer: Answer): Answer => {
  if (operation !== 'GetCallerIdentity' || userId === undefined) return answer;
  return { ...answer, body: Buffer.from(answer.body.toString().replace(/<UserId>[^<]*</, `<UserId>${userId}<`)) };
};

/** Remembers which account and role an access key belongs to. */
export const rememberCredentials = (ask: (call: Sent) => Promise<Answer>): Credentials => {
  const signers = new Map<string, Promise<Signer>>();

  const identify = async (accessKeyId: string): Promise<Signer> => {
    const answer = await ask(identityCall(accessKeyId));
    const arn = text(answer.body.toString(), 'Arn') ?? '';
    const role = roleOf(arn);
    const userId = text(answer.body.toString(), 'UserId');
    return {
      account: accountOf(arn) ?? defaultAccount,
      ...(role !== undefined && { role, ...(userId !== undefined && { userId }) }),
    };
  };

  return {
    signerOf(accessKeyId) {
      if (accessKeyId === undefined) return Promise.resolve({ account: defaultAccount });
      const known = signers.get(accessKeyId) ?? identify(accessKeyId);
      signers.set(accessKeyId, known);
      known.catch(() => signers.delete(accessKeyId));
      return known;
    },
    learn({ name: operation, input }, by, region, answer) {
      if (answer.status !== 200) return;
      const xml = answer.body.toString();
      const key = text(xml, 'AccessKeyId');
      if (key === undefined) return;
      if (operation === 'AssumeRole') {
        const role = String(input.RoleArn);
        const userId = text(xml, 'AssumedRoleId');
        const account = accountOf(role) ?? defaultAccount;
        signers.set(
          key,
          Promise.resolve({
            account,
            role,
            ...(userId !== undefined && { userId }),
            ...functionOf({ account, region }, by, String(input.RoleSessionName)),
          }),
        );
      } else if (operation === 'GetSessionToken' || operation === 'CreateAccessKey') {
        signers.set(key, Promise.resolve(operation === 'CreateAccessKey' ? { account: by.account } : by));
      }
    },
  };
};
