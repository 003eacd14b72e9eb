import { GetFunctionUrlConfigCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Caller } from '../../functions/cli/central/caller';
import { openControl } from '../../functions/cli/order/control';
import { mockClient } from '../emulator/models/mock-client';

const lambda = mockClient(LambdaClient);
const answers = jest.spyOn(globalThis, 'fetch');
beforeEach(() => {
  lambda.reset();
  delete process.env.POSTURE_CONTROL_URL;
});
afterAll(() => {
  answers.mockRestore();
  delete process.env.POSTURE_CONTROL_URL;
});

const credentials = async () => ({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' });
const caller = (partition: string, region: string): Caller => ({
  partition,
  account: '111122223333',
  region,
  arn: `arn:${partition}:sts::111122223333:assumed-role/OnCall/alice`,
  userId: 'AROAEXAMPLE:alice',
  credentials,
  credentialsFor: () => credentials,
});

/** What an order is signed for, and where it goes. */
async function sent(by: Caller) {
  answers.mockResolvedValueOnce(new Response('{"done":true,"reason":"Stopped."}'));
  await (await openControl(by))({ order: 'stop', why: 'uploads fail' });
  const [url, { headers = {} } = {}] = answers.mock.lastCall ?? [];
  const { authorization = '' } = headers as Record<string, string>;
  return { url: String(url), scope: /Credential=[^/]+\/\d{8}\/([^,]+),/.exec(authorization)?.[1] };
}

describe('the endpoint for orders', () => {
  it('is the function URL, and an order is signed for Lambda', async () => {
    lambda
      .on(GetFunctionUrlConfigCommand, { FunctionName: 'posture-control', Qualifier: 'url' })
      .resolves({ FunctionUrl: 'https://u1.lambda-url.eu-west-1.on.aws/' });
    expect(await sent(caller('aws', 'eu-west-1'))).toEqual({
      url: 'https://u1.lambda-url.eu-west-1.on.aws/',
      scope: 'eu-west-1/lambda/aws4_request',
    });
  });

  it.each([
    ['aws', 'eu-south-2', 'https://a1b2.execute-api.eu-south-2.amazonaws.com'],
    ['aws-us-gov', 'us-gov-west-1', 'https://a1b2.execute-api.us-gov-west-1.amazonaws.com'],
    ['aws-cn', 'cn-north-1', 'https://a1b2.execute-api.cn-north-1.amazonaws.com.cn'],
  ])('is an HTTP API where Lambda has none, as in %s, %s, and an order is signed for API Gateway', async (partition, region, url) => {
    process.env.POSTURE_CONTROL_URL = url;
    expect(await sent(caller(partition, region))).toEqual({ url: `${url}/`, scope: `${region}/execute-api/aws4_request` });
    expect(lambda.calls()).toEqual([]);
  });

  it.each([
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws-cn', 'cn-north-1'],
  ])('is not looked for in %s, where Lambda has no function URLs: the URL has to be given', async (partition, region) => {
    await expect(openControl(caller(partition, region))).rejects.toThrow(
      /Set POSTURE_CONTROL_URL to its URL, the output ControlApi of the stack Posture/,
    );
    expect(lambda.calls()).toEqual([]);
  });

  it('says which right is missing', async () => {
    process.env.POSTURE_CONTROL_URL = 'https://a1b2.execute-api.cn-north-1.amazonaws.com.cn';
    answers.mockResolvedValueOnce(new Response('{"message":"Forbidden"}', { status: 403 }));
    const send = await openControl(caller('aws-cn', 'cn-north-1'));
    await expect(send({ order: 'stop', why: 'uploads fail' })).rejects.toThrow('It requires execute-api:Invoke on the HTTP API');
  });
});
