import { randomUUID } from 'node:crypto';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Reply } from '../../functions/control/reply';
import type { LogEvent } from '../../functions/log/event';
import type { RemediationRecord } from '../../functions/log/record';
import { outcomeEnvelope } from '../../functions/outcomes/outcome-schema';
import type { Result } from '../../functions/remediate/context';
import { names } from '../../infra/names';
import type { World } from '../contract/scenario';
import type { LambdaFunction } from '../emulator/lambda';
import { type Desk, resultOf } from './desk';
import type { Stage } from './stage';
import { isVersioned, reportUnversioned, ruleId } from './unversioned';

const [waiting, other] = ['badly-kept-exports', 'badly-kept-imports'];

/** The resource whose plan waits. */
export const askedFor = `arn:aws:s3:::${waiting}`;

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

export type RecordOf = (rule: string, remediation: string) => Promise<Pick<RemediationRecord, 'events' | 'breaks'>>;

/** Two buckets at fault: the policy asks about one, and people decide; the other comes while they have stopped everything. */
export async function decide({ gateway, deployment }: Stage, world: World, desk: Desk, recordOf: RecordOf): Promise<Decided> {
  const rule = deployment.functions.get(ruleId);
  const [remediator, notifier] = [desk.remediator(ruleId), desk.host(deployment.notify)];
  const inbox = await subscribe(world);
  const asked = await reportUnversioned(waiting, remediator, world);
  await tell(asked.remediation, notifier);
  const mail = await inbox();
  const versioned = await isVersioned(waiting, world);

  const refused = await desk.order('intern', { order: 'approve', remediation: asked.remediation });
  const approved = await desk.order('on call', { order: 'approve', remediation: asked.remediation, why: 'as agreed with its owner' });
  const [fixed] = await desk.delivered(remediator);
  const repeated = await desk.order('on call', { order: 'approve', remediation: asked.remediation });

  const stopped = await desk.order('on call', { order: 'stop', why: 'uploads fail' });
  const meanwhile = await reportUnversioned(other, remediator, world);
  const started = await desk.order('on call', { order: 'resume', why: 'it was something else' });
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
    versioned: { asked: versioned, approved: await isVersioned(waiting, world) },
    ...(await recordOf(ruleId, asked.remediation)),
  };
  /** Delivers the last outcome of a remediation on our bus to the function that tells people. */
  async function tell(remediation: string, notifier: LambdaFunction): Promise<void> {
    const told = gateway.calls
      .filter(({ operation, role }) => operation === 'PutEvents' && role === rule?.role)
      .flatMap(({ input }) => input.Entries as readonly { readonly Detail: string }[])
      .map(({ Detail }) => JSON.parse(Detail) as { readonly remediation: string })
      .findLast((detail) => detail.remediation === remediation);
    await resultOf(notifier, { id: randomUUID(), source: outcomeEnvelope.source, 'detail-type': outcomeEnvelope.detailType, detail: told });
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
