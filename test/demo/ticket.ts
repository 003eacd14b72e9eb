import { type AnswerResult, handleAnswer } from '../../functions/answers/handle-answer';
import type { AnswerPorts } from '../../functions/answers/ports';
import { systemClock } from '../../functions/clock';
import { type AnswerOrder, answerShape } from '../../functions/control/answer-request';
import { channels } from '../../functions/control/channel';
import type { Reply } from '../../functions/control/reply';
import type { OutcomeEvent } from '../../functions/outcomes/outcome-schema';
import type { Policy } from '../../functions/policy/policy';
import type { Result } from '../../functions/remediate/context';
import { handleOutcome, type TicketResult } from '../../functions/tickets/handle-outcome';
import { saidOf } from '../../functions/tickets/vendors/said-of';
import { trackerOf } from '../../functions/tickets/vendors/tracker-of';
import type { World } from '../contract/scenario';
import type { Gateway } from '../emulator/gateway';
import { memoryRecords } from '../tickets/memory-records';
import type { GitHub } from '../tickets/stand-ins/github';
import { type Desk, resultOf } from './desk';
import type { Stage } from './stage';
import { isVersioned, reportUnversioned, ruleId } from './unversioned';
import { openWebhook } from './webhook';

/** What became of the ticket of a misconfiguration, in a stand-in of GitHub on this machine. */
export interface ShownTicket {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  readonly state: TicketState;
  /** What each outcome did to it, in their order. */
  readonly steps: readonly TicketStep[];
  /** What somebody wrote into it who is no operator, and an operator. */
  readonly stranger: TicketAnswer;
  readonly operator: TicketAnswer;
  /** After the approval. */
  readonly fixed: Result;
  /** Whether the resource keeps earlier versions after the answer of the stranger, and of the operator. */
  readonly versioned: { readonly stranger: boolean; readonly operator: boolean };
  /** How many tickets there are. */
  readonly tickets: number;
}

type TicketState = 'open' | 'closed' | 'none';

interface TicketStep {
  readonly outcome: string;
  readonly result: TicketResult;
  readonly state: TicketState;
}

export interface TicketAnswer {
  readonly login: string;
  readonly text: string;
  readonly result: AnswerResult;
  /** What the control function replied. */
  readonly reply: Reply | undefined;
  /** The last comment in the ticket. */
  readonly comment: string;
}

interface Office {
  readonly desk: Desk;
  readonly gitHub: GitHub;
  readonly policy: Policy;
}

export const token = 'of the demo';
const bucket = 'badly-kept-statements';

/** The resource whose plan is answered in its ticket. */
export const answeredFor = `arn:aws:s3:::${bucket}`;

export const operator = { id: 583231, login: 'ada', type: 'User' };
const stranger = { id: 583232, login: 'mallory', type: 'User' };

/**
 * A plan that waits opens a ticket, which is answered by signed webhooks, and closed. The ticket, the endpoint and the answers are handled in this
 * process, with the code of their functions; the rule's function and the control function are the bundled ones. Closed when fixed: no detector
 * looks again here.
 */
export async function answerTicket(stage: Stage, world: World, { desk, gitHub, policy }: Office): Promise<ShownTicket> {
  const control = desk.host({ ...stage.deployment.control, alias: channels.answers });
  const remediator = desk.remediator(ruleId);
  const replies: Reply[] = [];
  const ask = async (answer: AnswerOrder): Promise<Reply> => {
    const [reply] = (await resultOf(control, answerShape.parse({ answer }))) as readonly Reply[];
    if (!reply) throw new Error('The control function gave no reply.');
    replies.push(reply);
    return reply;
  };
  const ports = portsOf(policy, stage.account.region, ask);
  const webhook = openWebhook();
  const steps: TicketStep[] = [];

  const { remediation } = await reportUnversioned(bucket, remediator, world);
  await follow();
  const plan = outcomesOf(stage.gateway, remediation).at(-1)?.approval?.hash.slice(0, 16) ?? '';
  const text = `/posture approve ${plan}`;
  const refused = await say(stranger, text);
  const versioned = await isVersioned(bucket, world);
  const approved = await say(operator, text);
  const [fixed] = await desk.delivered(remediator);
  if (!fixed) throw new Error('Nothing came of the answer in the ticket.');
  await follow();

  const { number = 0, title = '', body = '', state = 'none' } = gitHub.issues[0] ?? {};
  return {
    ...{ key: `#${number}`, title, body, state, steps, fixed, tickets: gitHub.issues.length },
    ...{ stranger: refused, operator: approved },
    versioned: { stranger: versioned, operator: await isVersioned(bucket, world) },
  };

  /** Hands on the outcomes that were published since. */
  async function follow(): Promise<void> {
    for (const event of outcomesOf(stage.gateway, remediation).slice(ports.seen)) {
      ports.seen += 1;
      const result = await handleOutcome(`event-${ports.seen}`, event, ports);
      if (result !== 'ignored') steps.push({ outcome: event.outcome, result, state: gitHub.issues[0]?.state ?? 'none' });
    }
  }

  /** Writes a comment, and has the webhook of GitHub report it. */
  async function say(user: typeof operator, said: string): Promise<TicketAnswer> {
    const at = new Date().toISOString().replace(/\.\d+/, '');
    const comment = { id: gitHub.said.length + 1, issue: 1, body: said, user, created_at: at, updated_at: at };
    gitHub.said.push({ ...comment, performed_via_github_app: null });
    const message = await webhook({ action: 'created', issue: { number: 1 }, comment, repository: { full_name: 'acme/security' } });
    const before = replies.length;
    const result = await handleAnswer(message, ports);
    return { login: user.login, text: said, result, reply: replies[before], comment: gitHub.issues[0]?.comments.at(-1) ?? '' };
  }
}

function portsOf(policy: Policy, region: string, ask: AnswerPorts['ask']) {
  const secret = { read: async () => ({ token }), refused: () => false, seen: () => [token] };
  const records = memoryRecords(Date.now);
  return {
    policy: async () => policy,
    trackerFor: (settings: Parameters<typeof trackerOf>[0]) => trackerOf(settings, secret, { clock: systemClock }),
    saidFor: (settings: Parameters<typeof saidOf>[0]) => saidOf(settings, secret, { clock: systemClock }),
    records,
    recordOf: async (mark: string) => records.records.get(mark),
    answers: memoryRecords(Date.now),
    ask,
    changesOf: async () => [],
    logTicket: async () => undefined,
    slackFor: () => unused('Slack'),
    pagerDutyFor: () => unused('PagerDuty'),
    central: { partition: 'aws', region },
    clock: systemClock,
    warn: () => undefined,
    countDropped: () => undefined,
    /** How many outcomes were handed on. */
    seen: 0,
  };
}

const outcomesOf = ({ calls }: Gateway, remediation: string): readonly OutcomeEvent[] =>
  calls
    .filter(({ operation }) => operation === 'PutEvents')
    .flatMap(({ input }) => input.Entries as readonly { readonly Detail: string }[])
    .map(({ Detail }) => JSON.parse(Detail) as OutcomeEvent)
    .filter((event) => event.remediation === remediation);

function unused(vendor: string): never {
  throw new Error(`The demo has no ${vendor}.`);
}
