import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { type Given, openControl } from '../../functions/cli/order/control';
import { channels } from '../../functions/control/channel';
import type { Reply } from '../../functions/control/reply';
import type { LogEvent } from '../../functions/log/event';
import type { RemediationRecord } from '../../functions/log/record';
import { outcomeEnvelope } from '../../functions/outcomes/outcome-schema';
import type { Result } from '../../functions/remediate/context';
import type { Answer } from '../../functions/rule-function/handler';
import { names } from '../../infra/names';
import type { World } from '../contract/scenario';
import { type AccountCredentials, assumeRole } from '../emulator/account';
import { startFunctionUrl } from '../emulator/function-url';
import { type LambdaFunction, startLambda } from '../emulator/lambda';
import { securityHubImported } from '../events/security-hub';
import type { DeployedFunction } from './deploy';
import type { Stage } from './stage';

const control = 'S3.14';
const ruleId = 's3-bucket-versioning-enabled';
const [waiting, other] = ['badly-kept-exports', 'badly-kept-imports'];

/** The resource whose plan waits. */
export const askedFor = `arn:aws:s3:::${waiting}`;

/** The role of who may say yes, and that of somebody who may not. */
export const approver = 'OnCall';
const bystander = 'Intern';

/** How a plan that waits is decided upon, and how people stop everything. */
export interface Decided {
  readonly asked: Result;
  readonly mail: { readonly subject: string; readonly body: string };
  /** What a bystander is answered, the approver, and the approver once more. */
  readonly refused: Reply;
  readonly approved: Reply;
  readonly repeated: Reply;
  readonly fixed: Result;
  readonly stopped: Reply;
  /** How a report ends meanwhile. */
  readonly meanwhile: Result;
  readonly started: Reply;
  /** Whether the resource of the plan keeps earlier versions after it was asked, and after it was approved. */
  readonly versioned: { readonly asked: boolean; readonly approved: boolean };
  /** Of all writers. */
  readonly events: readonly LogEvent[];
  readonly breaks: readonly string[];
}

/** Two buckets at fault: the policy asks about one, and people decide; the other comes while they have stopped everything. */
export async function decide(
  { gateway, account: home, deployment }: Stage,
  world: World,
  recordOf: (rule: string, remediation: string) => Promise<Pick<RemediationRecord, 'events' | 'breaks'>>,
): Promise<Decided> {
  const { account, region } = home;
  const hosts: LambdaFunction[] = [];
  const host = (deployed: DeployedFunction & { readonly alias?: string }): LambdaFunction => {
    const started = startLambda({ ...deployed, account, region, endpoint: gateway.url, concurrency: 1 });
    hosts.push(started);
    return started;
  };
  const rule = deployment.functions.get(ruleId);
  if (!rule) throw new Error(`No function is deployed for ${ruleId}.`);
  const [remediator, notifier, controller] = [host(rule), host(deployment.notify), host({ ...deployment.control, alias: channels.url })];
  const [onCall, intern] = await Promise.all(
    [approver, bystander].map((role) => assumeRole(gateway, `arn:aws:iam::${account}:role/${role}`, region)),
  );
  if (!onCall || !intern) throw new Error('The emulator gave no credentials.');
  const url = await startFunctionUrl(home, [onCall, intern], (event) => resultOf(controller, event));
  process.env.POSTURE_CONTROL_URL = url.url;
  try {
    const inbox = await subscribe(world);
    const asked = await report(waiting);
    await tell(asked.remediation);
    const mail = await inbox();
    const versioned = await isVersioned(waiting);

    const refused = await order(intern, { order: 'approve', remediation: asked.remediation });
    const approved = await order(onCall, { order: 'approve', remediation: asked.remediation, why: 'as agreed with its owner' });
    const [fixed] = await delivered();
    const repeated = await order(onCall, { order: 'approve', remediation: asked.remediation });

    const stopped = await order(onCall, { order: 'stop', why: 'uploads fail' });
    const meanwhile = await report(other);
    const started = await order(onCall, { order: 'resume', why: 'it was something else' });
    if (!fixed) throw new Error('Nothing came of the approval.');
    return {
      asked,
      mail,
      refused,
      approved,
      repeated,
      fixed,
      stopped,
      meanwhile,
      started,
      versioned: { asked: versioned, approved: await isVersioned(waiting) },
      ...(await recordOf(ruleId, asked.remediation)),
    };
  } finally {
    delete process.env.POSTURE_CONTROL_URL;
    await url.stop();
    await Promise.all(hosts.map((one) => one.stop()));
  }

  /** Makes a bucket without versions, and has Security Hub report it. */
  async function report(Bucket: string): Promise<Result> {
    await world.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region as never } }));
    const resource = { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${Bucket}` };
    const finding = { control, resource, account, region, firstObservedAt: new Date().toISOString() };
    return onlyResult(await resultOf(remediator, securityHubImported(finding, { account, region })));
  }

  /** Delivers what the control function had the rule's function do. */
  async function delivered(): Promise<readonly Result[]> {
    const results: Result[] = [];
    for (const { event } of gateway.invocations.splice(0)) results.push(onlyResult(await resultOf(remediator, event)));
    return results;
  }

  /** Delivers the last outcome of a remediation on our bus to the function that tells people. */
  async function tell(remediation: string): Promise<void> {
    const told = gateway.calls
      .filter(({ operation, role }) => operation === 'PutEvents' && role === rule?.role)
      .flatMap(({ input }) => input.Entries as readonly { readonly Detail: string }[])
      .map(({ Detail }) => JSON.parse(Detail) as { readonly remediation: string })
      .findLast((detail) => detail.remediation === remediation);
    await resultOf(notifier, { id: randomUUID(), source: outcomeEnvelope.source, 'detail-type': outcomeEnvelope.detailType, detail: told });
  }

  async function order(credentials: AccountCredentials, given: Given): Promise<Reply> {
    const caller = { partition: 'aws', account, region, arn: '', userId: '', credentials: async () => credentials };
    return (await openControl({ ...caller, credentialsFor: () => caller.credentials }))(given);
  }

  async function isVersioned(Bucket: string): Promise<boolean> {
    return (await world.send(new GetBucketVersioningCommand({ Bucket }))).Status === 'Enabled';
  }
}

/** Subscribes a mailbox to the topic that tells people without any policy; answers what reads it. */
async function subscribe(world: World): Promise<() => Promise<Decided['mail']>> {
  const { account, region } = world;
  const { QueueUrl } = await world.send(new CreateQueueCommand({ QueueName: 'on-call' }));
  const topic = `arn:aws:sns:${region}:${account}:${names.notifications}`;
  await world.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: `arn:aws:sqs:${region}:${account}:on-call` }));
  return async () => {
    const { Messages = [] } = await world.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    const [only, ...more] = Messages;
    if (!only?.Body || more.length > 0) throw new Error(`${Messages.length} messages came where one was to come.`);
    const { Subject: subject, Message: body } = JSON.parse(only.Body) as { readonly Subject: string; readonly Message: string };
    return { subject, body };
  };
}

export async function resultOf(host: LambdaFunction, event: unknown): Promise<unknown> {
  const invocation = await host.invoke(event);
  if ('result' in invocation) return invocation.result;
  throw new Error(`${host.arn} failed: ${JSON.stringify(invocation)}\n${host.logs.slice(-20).join('\n')}`);
}

function onlyResult(answer: unknown): Result {
  const { results, refusals } = answer as Answer;
  const [result] = results;
  if (!result || results.length > 1) throw new Error(`One report came to ${results.length} endings: ${JSON.stringify(refusals)}`);
  return result;
}
