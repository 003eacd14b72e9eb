import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { loadRules } from '../../functions/catalogue/catalogue';
import { findByTicket } from '../../functions/log/find-ticket';
import { markOf } from '../../functions/ticket-records/mark';
import { synthesize } from '../../infra/synth';
import { type Account, functionCredentials } from '../emulator/account';
import { deployStacks } from '../emulator/deploy-stacks';
import { type LambdaFunction, startLambda } from '../emulator/lambda';
import { useEmulator } from '../emulator/use';
import { temporaryFolder } from '../infra/synthesized';
import { writesOf } from '../price/dynamodb';
import { writesOfOutcome } from '../price/tickets';
import { eventOf } from './desk';
import { type GitHub, startGitHub } from './stand-ins/github';

const emulator = useEmulator();
const outdir = temporaryFolder('tickets-handler');
const token = 'ghp_a-token-that-nobody-may-see';

let account: Account;
let gitHub: GitHub;
let lambda: LambdaFunction;
let queue = '';
beforeAll(async () => {
  gitHub = await startGitHub({ token, now: Date.now, searchLag: 0 });
  const section = { tracker: { vendor: 'github', url: gitHub.url, project: 'acme/security', secret: 'posture/github', searchLag: 0 } };
  const warned = jest.spyOn(console, 'warn').mockReturnValue();
  const { assembly, bundles } = await synthesize({
    outdir,
    entries: loadRules().slice(0, 1),
    policy: JSON.stringify({ tickets: section }),
  });
  expect(warned).toHaveBeenCalledWith(expect.stringContaining('this address is on this machine'));
  warned.mockRestore();
  account = await emulator.account();
  await deployStacks(account, assembly, ['PostureMember', 'Posture']);
  await account
    .client(SecretsManagerClient)
    .send(new CreateSecretCommand({ Name: 'posture/github', SecretString: JSON.stringify({ token }) }));
  const { QueueUrl = '' } = await account.client(SQSClient).send(new GetQueueUrlCommand({ QueueName: 'posture-tickets' }));
  queue = QueueUrl;
  const deployed = await account.client(LambdaClient).send(new GetFunctionConfigurationCommand({ FunctionName: 'posture-tickets' }));
  const environment = deployed.Environment?.Variables ?? {};
  emulator.gateway.enforce({ on: true });
  lambda = startLambda({
    name: 'posture-tickets',
    account: account.account,
    region: account.region,
    code: bundles.get('tickets')?.folder ?? '',
    handler: deployed.Handler ?? '',
    credentials: await functionCredentials(emulator.gateway, { role: deployed.Role ?? '', name: 'posture-tickets' }),
    endpoint: emulator.gateway.url,
    timeoutSeconds: deployed.Timeout ?? 0,
    environment,
  });
});
afterAll(async () => {
  await lambda?.stop();
  await gitHub?.stop();
});

let sent = 0;
/** Has the function handle the message, as Lambda does when it reads the queue. */
async function deliver(body: unknown) {
  sent += 1;
  const message = { messageId: `m${sent}`, receiptHandle: `r${sent}`, body: typeof body === 'string' ? body : JSON.stringify(body) };
  return lambda.invoke({ Records: [message] });
}
const envelope = (id: string, detail: object) => ({ id, source: 'posture', 'detail-type': 'Posture Remediation', detail });

describe('the function of tickets, bundled and deployed, by its own role', () => {
  it('opens a ticket, and records it', async () => {
    const event = eventOf({ outcome: 'failed', time: new Date().toISOString() });
    expect(await deliver(envelope('e1', event))).toMatchObject({ result: { batchItemFailures: [] } });
    expect(gitHub.issues).toMatchObject([{ state: 'open', labels: ['posture', markOf(event)] }]);
    const Key = { key: { S: `ticket ${markOf(event)}` } };
    const { Item } = await account.client(DynamoDBClient).send(new GetItemCommand({ TableName: 'posture-tickets', Key }));
    expect(Item).toMatchObject({ id: { S: '1' }, ticket: { S: '#1' }, handled: { L: [{ S: 'e1' }] } });
    expect([Item?.['forget'], Item?.['holder']]).toEqual([undefined, undefined]);
    const writes = Object.values(writesOf(emulator.gateway.calls.filter(({ role = '' }) => role.endsWith('/posture-function-tickets'))));
    expect(writes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(writesOfOutcome);
    expect(await findByTicket(account.client(DynamoDBClient), 'posture-log', '#1')).toEqual([
      { rule: event.rule.id, remediation: event.remediation },
    ]);
  });

  it('leaves an event in the queue until the credentials are accepted, counts it, and shows none of them', async () => {
    const event = eventOf({ outcome: 'confirmed', time: new Date().toISOString() });
    gitHub.expired = true;
    expect(await deliver(envelope('e2', event))).toMatchObject({ result: { batchItemFailures: [{ itemIdentifier: `m${sent}` }] } });
    expect(lambda.logs.join('\n')).toContain('"TrackerUnauthorized":1');
    expect(lambda.logs.join('\n')).toContain('Bad credentials');
    gitHub.expired = false;
    expect(await deliver(envelope('e2', event))).toMatchObject({ result: { batchItemFailures: [] } });
    expect(gitHub.issues).toMatchObject([{ state: 'closed', state_reason: 'completed' }]);
    expect(lambda.logs.join('\n')).not.toContain(token);
  });

  it('makes an event visible again when the tracker says', async () => {
    const sqs = account.client(SQSClient);
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queue,
        MessageBody: JSON.stringify(envelope('e3', eventOf({ outcome: 'failed', time: new Date().toISOString() }))),
      }),
    );
    const { Messages: [first] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue }));
    gitHub.mishaps = () => 'throttled';
    const before = lambda.logs.length;
    emulator.gateway.clear();
    const Records = [{ messageId: first?.MessageId, receiptHandle: first?.ReceiptHandle, body: first?.Body }];
    expect(await lambda.invoke({ Records })).toMatchObject({ result: { batchItemFailures: [{ itemIdentifier: first?.MessageId }] } });
    gitHub.mishaps = () => undefined;
    expect(lambda.logs.slice(before).join('\n')).not.toContain('The time of the retry was not set');
    const set = emulator.gateway.calls.filter(({ operation }) => operation === 'ChangeMessageVisibility');
    expect(set.map(({ role }) => role)).toEqual([`arn:aws:iam::${account.account}:role/posture-function-tickets`]);
  });

  it.each([
    ['no JSON', 'x'],
    ['another source', { ...envelope('e4', eventOf()), source: 'aws.s3' }],
    ['no outcome', envelope('e5', { outcome: 'failed' })],
  ])('drops and counts what is no event of ours: %s', async (_, body) => {
    const before = lambda.logs.length;
    expect(await deliver(body)).toMatchObject({ result: { batchItemFailures: [] } });
    expect(lambda.logs.slice(before).join('\n')).toContain('"InvalidEvents":1');
  });
});
