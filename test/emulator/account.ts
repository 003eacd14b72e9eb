import { randomInt } from 'node:crypto';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import './localhost.cjs';

/** The role whose credentials `freshAccount` gives out: it may do everything, also where permissions are enforced. */
export const ownerRole = 'emulator-owner';

export interface AccountCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** An account of the emulator that nobody else uses. */
export interface Account {
  readonly account: string;
  readonly region: string;
  readonly credentials: AccountCredentials;
  /** What an SDK client needs to reach it. */
  readonly configuration: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: AccountCredentials;
    readonly useQueueUrlAsEndpoint: false;
  };
  /** A client of the SDK for it: `account.client(S3Client)`, or of another region of it. */
  client<Client>(Class: new (configuration: never) => Client, options?: { readonly region?: string }): Client;
}

/** Workers of Jest never share an id: the first two digits are the worker's own. */
const freshId = () => `${10 + (Number(process.env.JEST_WORKER_ID ?? 0) % 90)}${String(randomInt(10 ** 10)).padStart(10, '0')}`;

/** The name of a session that Lambda has not made. */
export const plainSession = 'emulator';

/** Credentials for the code of a function, as Lambda makes them: of a session of its role that has its name. */
export const functionCredentials = (
  gateway: { readonly url: string },
  { role, name, region = 'eu-west-1' }: { readonly role: string; readonly name: string; readonly region?: string },
): Promise<AccountCredentials> => assumeRole(gateway, role, region, name);

/** Credentials of a role session, by AssumeRole through the gateway; the role need not exist. */
export const assumeRole = async (
  gateway: { readonly url: string },
  role: string,
  region = 'eu-west-1',
  session = plainSession,
): Promise<AccountCredentials> => {
  const sts = new STSClient({ endpoint: gateway.url, region, credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' } });
  try {
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: session }));
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = Credentials ?? {};
    if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) {
      throw new Error(`The emulator at ${gateway.url} gave no credentials for ${role}.`);
    }
    return { accessKeyId, secretAccessKey, sessionToken };
  } finally {
    sts.destroy();
  }
};

/** Opens an account by a fresh 12-digit id (or the given one), with the credentials of its owner. */
export const freshAccount = async (
  gateway: { readonly url: string },
  { region = 'eu-west-1', account = freshId() }: { readonly region?: string; readonly account?: string } = {},
): Promise<Account> => {
  const credentials = await assumeRole(gateway, `arn:aws:iam::${account}:role/${ownerRole}`, region);
  const configuration = { endpoint: gateway.url, region, credentials, useQueueUrlAsEndpoint: false } as const;
  return {
    account,
    region,
    credentials,
    configuration,
    client: (Class, options) => new Class({ ...configuration, ...options } as never),
  };
};
