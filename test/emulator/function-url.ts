import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Sha256 } from '@aws-crypto/sha256-js';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Account, AccountCredentials } from './account';

export interface FunctionUrl {
  readonly url: string;
  stop(): Promise<void>;
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const forbidden: Answer = { statusCode: 403, headers: { 'content-type': 'application/json' }, body: '{"Message":"Forbidden"}' };

/**
 * A Lambda function URL with IAM authorization in front of a handler: it lets in what one of these callers has signed, and tells the handler who
 * that is by the ARN that STS has for the key. Source: Lambda, "Control access to Lambda function URLs", payload format 2.0.
 */
export async function startFunctionUrl(
  { configuration }: Account,
  callers: readonly AccountCredentials[],
  handler: (event: unknown) => Promise<unknown>,
): Promise<FunctionUrl> {
  const server = createServer(async (message, response) => {
    const { statusCode, headers, body } = await answerTo(message).catch(
      (error: unknown): Answer => ({ statusCode: 502, headers: {}, body: String(error) }),
    );
    response.writeHead(statusCode, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answerTo(message: IncomingMessage): Promise<Answer> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const credentials = await signerOf(message, body);
    if (!credentials) return forbidden;
    const { Arn: userArn } = await new STSClient({ ...configuration, credentials }).send(new GetCallerIdentityCommand({}));
    return (await handler({
      version: '2.0',
      rawPath: '/',
      body,
      isBase64Encoded: false,
      requestContext: { http: { method: message.method, path: '/' }, authorizer: { iam: { userArn } } },
    })) as Answer;
  }

  /** Whose key has made the signature, if it is the one that their secret makes of this very request. */
  async function signerOf({ method = '', headers }: IncomingMessage, body: string): Promise<AccountCredentials | undefined> {
    const { authorization = '' } = headers;
    const [, key, region, names = ''] =
      /Credential=([^/]+)\/\d{8}\/([^/]+)\/lambda\/aws4_request, SignedHeaders=([^,]+)/.exec(authorization) ?? [];
    const credentials = callers.find(({ accessKeyId }) => accessKeyId === key);
    const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers['x-amz-date']));
    if (!credentials || region === undefined || !date) return undefined;
    const [, year, month, day, hour, minute, second] = date;
    const signingDate = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    // AWS takes no signature that is older than five minutes.
    if (Math.abs(Date.now() - signingDate.getTime()) > 300_000) return undefined;
    const signed = names.split(';').filter((name) => !['x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256'].includes(name));
    const signer = new SignatureV4({ service: 'lambda', region, credentials, sha256: Sha256 });
    const expected = await signer.sign(
      {
        method,
        protocol: 'http:',
        hostname: '127.0.0.1',
        path: '/',
        headers: Object.fromEntries(signed.map((name) => [name, String(headers[name])])),
        body,
      },
      { signingDate },
    );
    return expected.headers.authorization === authorization ? credentials : undefined;
  }

  return {
    url: `http://${host}/`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
