import { holding } from '../tickets/holding';
import type { Held } from '../tickets/record';
import type { Answer, NoAnswer } from './answer';
import { buttonAnswer } from './button-answer';
import { commentAnswer } from './comment-answer';
import type { AnswerMessage } from './message';
import { objectionTo } from './objection';
import type { AnswerPorts } from './ports';

/** What became of an answer. */
export type AnswerResult =
  | { readonly result: 'done' | 'handled-before'; readonly about?: About }
  | { readonly result: 'refused'; readonly code: string; readonly about: About }
  | { readonly result: 'ignored'; readonly code: NoAnswer };

type About = Pick<Answer, 'by' | 'where' | 'id'>;

/**
 * Handles an answer: reads back who gave it, compares it with our record, and asks the control function. One that does not count is answered with
 * the reason. Each step can be repeated. Throws a RetryLater or a TrackerError if it has to be handled again.
 */
export async function handleAnswer(message: AnswerMessage, ports: AnswerPorts): Promise<AnswerResult> {
  const policy = await ports.policy();
  const answer = await (message.kind === 'comment' ? commentAnswer(message, policy, ports) : buttonAnswer(message, policy, ports));
  if (typeof answer === 'string') return { result: 'ignored', code: answer };
  const { by, where, id } = answer;
  const records = { acquire: ports.answers.acquire, admit: () => Promise.reject(new Error('Answers are not admitted.')) };
  return holding({ records, warn: ports.warn }, id, (held) => settle(held, answer, { by, where, id }, ports));
}

async function settle(held: Held, answer: Answer, about: About, ports: AnswerPorts): Promise<AnswerResult> {
  if (held.record.answered !== undefined) return { result: 'handled-before', about };
  const code = await refusalOf(held, answer, ports);
  await held.save({ answered: code ?? 'done' });
  return code === undefined ? { result: 'done', about } : { result: 'refused', code, about };
}

/** The code of the refusal, which the person was told; undefined if the request was carried out. */
async function refusalOf(held: Held, answer: Answer, { ask, clock }: AnswerPorts): Promise<string | undefined> {
  const { by, where, command, waits, tell } = answer;
  const objection = objectionTo(answer);
  if (objection !== undefined || waits === undefined || command === 'unclear') {
    await tell(`This answer does not count. ${objection?.reason ?? ''}`);
    return objection?.code ?? 'unclear';
  }
  const wasAsked = held.record.asked !== undefined;
  await held.save({ asked: clock.now().toISOString() });
  const { order, plan, why } = command;
  const remediation = `${waits.rule}/${waits.remediation}`;
  const reply = await ask({ by, where, order, remediation, plan, ...(why !== '' && { why }) });
  if (reply.done) return undefined;
  // Asked before, without hearing the answer: then that was carried out.
  if (wasAsked && reply.code === 'not-awaiting-approval') return undefined;
  await tell(`This answer does not count. ${reply.reason}`);
  return reply.code;
}
