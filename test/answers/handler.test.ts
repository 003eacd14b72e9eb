import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { loadRules } from '../../functions/catalogue/catalogue';
import { markOf } from '../../functions/ticket-records/mark';
import { synthesize } from '../../infra/synth';
import { type Account, functionCredentials } from '../emulator/account';
import { deployStacks } from '../emulator/deploy-stacks';
import { type LambdaFunction, startLambda } from '../emulator/lambda';
import { useEmulator } from '../emulator/use';
import { temporaryFolder } from '../infra/synthesized';
import { eventOf } from '../tickets/desk';
import { type GitHub, startGitHub } from '../tickets/stand-ins/github';
import { secret, signed } from './signed';

const emulator = useEmulator();
const outdir = temporaryFolder('answers-handler');
const token = 'ghp_a-token-that-nobody-may-see';
const person = 'arn:aws:iam::111122223333:user/ada';
const plan = 'a'.repeat(64);
const names = ['posture-tickets', 'posture-answers-endpoint', 'posture-answers'] as const;

let account: Account;
let gitHub: GitHub;
const functions = new Map<string, LambdaFunction>();
beforeAll(async () => {
  gitHub = await startGitHub({ token, now: Date.now, searchLag: 0 });
  const tickets = {
    tracker: { vendor: 'github', url: gitHub.url, project: 'acme/security', secret: 'posture/github', searchLag: 0 },
    answers: { secret: 'posture/answers', operators: [{ person, user: '583231' }] },
  };
  const warned = jest.spyOn(console, 'warn').mockReturnValue();
  const policy = JSON.stringify({ approvals: { approvers: [{ principals: [person] }] }, tickets });
  const { assembly, bundles } = await synthesize({ outdir, entries: loadRules().slice(0, 1), policy });
  warned.mockRestore();
  account = await emulator.account();
  await deployStacks(account, assembly, ['PostureMember', 'Posture']);
  const secrets = { 'posture/github': { token }, 'posture/answers': { tracker: secret } };
  for (const [Name, content] of Object.entries(secrets))
    await account.client(SecretsManagerClient).send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(content) }));
  const deployed = await Promise.all(
    names.map((FunctionName) => account.client(LambdaClient).send(new GetFunctionConfigurationCommand({ FunctionName }))),
  );
  emulator.gateway.enforce({ on: true });
  for (const { FunctionName: name = '', Handler = '', Role: role = '', Timeout = 0, Environment } of deployed) {
    functions.set(
      name,
      startLambda({
        ...{ name, account: account.account, region: account.region, handler: Handler, timeoutSeconds: Timeout },
        code: bundles.get(name.replace('posture-', ''))?.folder ?? '',
        credentials: await functionCredentials(emulator.gateway, { role, name }),
        endpoint: emulator.gateway.url,
        environment: Environment?.Variables ?? {},
      }),
    );
  }
});
afterAll(async () => {
  await Promise.all([...functions.values()].map((one) => one.stop()));
  await gitHub?.stop();
});

const invoke = (name: (typeof names)[number], event: unknown) => functions.get(name)?.invoke(event);
const logsOf = (name: (typeof names)[number]) => functions.get(name)?.logs.join('\n') ?? '';

/** What Lambda reads from the queue of answers. */
async function queued() {
  const sqs = account.client(SQSClient);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'posture-answers' }));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return {
    Records: Messages.map(({ MessageId, ReceiptHandle, Body }) => ({ messageId: MessageId, receiptHandle: ReceiptHandle, body: Body })),
  };
}

describe('the functions of answers, bundled and deployed, by their own roles', () => {
  it('take a signed comment to the control function, once, and refuse what is not signed', async () => {
    const approval = { hash: plan, expires: '2026-12-01T09:00:00.000Z' };
    const event = eventOf({ outcome: 'awaiting-approval', approval, time: new Date(Date.now() - 60_000).toISOString() });
    const detail = { id: 'e1', source: 'posture', 'detail-type': 'Posture Remediation', detail: event };
    const record = { messageId: 'm1', receiptHandle: 'r1', body: JSON.stringify(detail) };
    expect(await invoke('posture-tickets', { Records: [record] })).toMatchObject({ result: { batchItemFailures: [] } });

    const at = new Date().toISOString().replace(/\.\d+/, '');
    const user = { id: 583231, login: 'ada', type: 'User' };
    const said = { id: 1, issue: 1, body: `/posture approve ${plan.slice(0, 16)}`, user, created_at: at, updated_at: at };
    gitHub.said.push({ ...said, performed_via_github_app: null });
    const repository = { full_name: 'acme/security' };
    const body = JSON.stringify({ action: 'created', issue: { number: 1 }, comment: { ...said, issue: undefined }, repository });
    const request = signed({ sender: 'github', body, now: Date.now() });
    emulator.gateway.clear();
    const answers = [];
    const milliseconds: number[] = [];
    // `posture tickets check` sends the last one.
    for (const one of [request, request, { ...request, headers: {} }, { ...request, headers: {}, body: '' }]) {
      const began = performance.now();
      answers.push(await invoke('posture-answers-endpoint', one));
      milliseconds.push(performance.now() - began);
    }
    expect(answers).toMatchObject([200, 200, 401, 401].map((statusCode) => ({ result: { statusCode } })));
    expect(logsOf('posture-answers-endpoint').match(/"RejectedAnswers":1/g)).toHaveLength(1);
    // Slack waits three seconds, also for a fresh process; what comes again is not queued again.
    expect(Math.max(...milliseconds)).toBeLessThan(3000);
    const calls = emulator.gateway.calls.filter((one) => one.account === account.account);
    expect(calls.map(({ service, operation }) => `${service}:${operation}`)).toEqual([
      ...['secretsmanager:GetSecretValue', 'dynamodb:PutItem', 'sqs:SendMessage', 'dynamodb:PutItem'],
      'dynamodb:PutItem',
    ]);

    emulator.gateway.replies.set('posture-control:answers', async () => [{ done: true, reason: 'Approved.' }]);
    const messages = await queued();
    expect(messages.Records).toHaveLength(1);
    expect(await invoke('posture-answers', messages)).toMatchObject({ result: { batchItemFailures: [] } });
    const asked = emulator.gateway.invocations.filter((one) => one.function === 'posture-control:answers');
    const remediation = `${event.rule.id}/${event.remediation}`;
    expect(asked.map((one) => one.event)).toEqual([
      { answer: { by: 'github:583231', where: '#1', order: 'approve', remediation, plan: plan.slice(0, 16) } },
    ]);
    const dynamo = account.client(DynamoDBClient);
    const read = async (key: string) =>
      (await dynamo.send(new GetItemCommand({ TableName: 'posture-tickets', Key: { key: { S: key } } }))).Item;
    expect(await read('answer github 1 1')).toMatchObject({ answered: { S: 'done' } });
    expect(await read(`ticket ${markOf(event)}`)).toMatchObject({ waits: { M: { plan: { S: plan } } } });
    for (const name of names) expect(logsOf(name)).not.toMatch(new RegExp(`${token}|${secret}`));
  });

  it('keep an answer in the queue while the control function gives no reply', async () => {
    emulator.gateway.replies.delete('posture-control:answers');
    const message = { kind: 'comment', vendor: 'github', site: 'acme/security', ticket: '1', comment: '2' };
    gitHub.said.push({ ...(gitHub.said[0] as (typeof gitHub.said)[number]), id: 2 });
    const record = { messageId: 'm2', receiptHandle: 'r2', body: JSON.stringify(message) };
    expect(await invoke('posture-answers', { Records: [record] })).toMatchObject({
      result: { batchItemFailures: [{ itemIdentifier: 'm2' }] },
    });
    expect(logsOf('posture-answers')).toContain('The control function gave no reply');
  });

  it('drop and count what is no message of the endpoint', async () => {
    const record = { messageId: 'm3', receiptHandle: 'r3', body: '{"kind":"order","by":"github:583231"}' };
    expect(await invoke('posture-answers', { Records: [record] })).toMatchObject({ result: { batchItemFailures: [] } });
    expect(logsOf('posture-answers')).toContain('"InvalidEvents":1');
  });
});
