import type { Deliveries } from '../../functions/answers/endpoint/deliveries';
import { type EndpointPorts, type Received, receive } from '../../functions/answers/endpoint/receive';
import { type AnswerResult, handleAnswer } from '../../functions/answers/handle-answer';
import type { AnswerMessage } from '../../functions/answers/message';
import type { AnswerPorts } from '../../functions/answers/ports';
import type { AnswerOrder } from '../../functions/control/answer-request';
import type { Reply } from '../../functions/control/reply';
import type { Credentials } from '../../functions/tickets/secret';
import { saidOf } from '../../functions/tickets/vendors/said-of';
import { openDesk } from '../tickets/desk';
import { memoryRecords } from '../tickets/memory-records';
import type { Words } from '../tickets/vendors';
import { secret, signed } from './signed';

/** As the table keeps them. `deliveries.test.ts` holds both to the same. */
export function memoryDeliveries(): Deliveries {
  const open = new Map<string, boolean>();
  return {
    async begin(hash) {
      if (open.get(hash) === false) return 'replayed';
      open.set(hash, true);
      return 'begun';
    },
    async end(hash) {
      open.set(hash, false);
    },
  };
}

/** A user of each vendor, by the id that no renaming changes. */
export const users: Readonly<Record<string, string>> = {
  'Jira Cloud': '5b10ac8d82e05b22cc7d4ef5',
  'Jira Data Center': 'JIRAUSER10100',
  GitHub: '583231',
  'ServiceNow incidents': '6816f79cc0a8016401c5a33be04be441',
  'ServiceNow security incidents': '6816f79cc0a8016401c5a33be04be441',
};

interface Options {
  readonly vendor?: string;
  readonly people?: readonly object[];
  /** Further keys of the section `tickets`. */
  readonly tickets?: object;
  readonly ask?: (order: AnswerOrder) => Promise<Reply>;
}

/** A desk whose tickets are answered: the endpoint and the function of answers, with a queue between them, in memory. */
export async function openAnswering({ vendor = 'GitHub', people, tickets = {}, ask }: Options = {}) {
  const user = users[vendor] ?? '?';
  const answers = { secret: 'posture/answers', operators: people ?? [{ person: 'arn:aws:iam::111122223333:user/ada', user }] };
  const desk = await openDesk({ vendor, tickets: { answers, ...tickets } });
  const asked: AnswerOrder[] = [];
  const queue: AnswerMessage[] = [];
  let credentials: Credentials = { tracker: secret, slack: secret };
  let isReplaced = false;
  const handled = memoryRecords(() => desk.ports.clock.now().getTime());
  const accept = async (): Promise<Reply> => ({ done: true, reason: 'Approved.' });
  const endpoint: EndpointPorts = {
    tracker: desk.settings.vendor,
    hasSlack: true,
    secret: {
      read: async () => credentials,
      refused: () => isReplaced,
      seen: () => [],
    },
    deliveries: memoryDeliveries(),
    enqueue: async (message) => void queue.push(message),
    clock: desk.ports.clock,
  };
  const ports: AnswerPorts = {
    policy: desk.ports.policy,
    saidFor: (settings) => saidOf(settings, desk.secret, { timeout: 1000, clock: desk.ports.clock }),
    trackerFor: desk.ports.trackerFor,
    slackFor: desk.ports.slackFor,
    recordOf: async (mark) => desk.records.records.get(mark),
    answers: handled,
    ask: async (order) => {
      asked.push(order);
      return (ask ?? accept)(order);
    },
    clock: desk.ports.clock,
    warn: () => undefined,
  };
  const now = () => desk.ports.clock.now().getTime();
  return {
    ...desk,
    user,
    asked,
    queue,
    endpoint,
    answerPorts: ports,
    now,
    secrets(given: Credentials): void {
      isReplaced = true;
      credentials = given;
    },
    /** The signed request about what somebody writes in a ticket. */
    hook: (words: Partial<Words> & Pick<Words, 'text'>, index = 0) =>
      signed({ sender: desk.settings.vendor, body: JSON.stringify(desk.say(index, { user, ...words })), now: now() }),
    receive: (event: unknown): Promise<Received> => receive(event, endpoint),
    /** Handles what is queued; what fails stays there. */
    async work(over: Partial<AnswerPorts> = {}): Promise<readonly (AnswerResult | Error)[]> {
      const results: (AnswerResult | Error)[] = [];
      for (const message of queue.splice(0)) {
        const result = await handleAnswer(message, { ...ports, ...over }).catch((error: unknown) => error as Error);
        if (result instanceof Error) queue.push(message);
        results.push(result);
      }
      return results;
    },
  };
}

export type Answering = Awaited<ReturnType<typeof openAnswering>>;
