import { receive } from '../../functions/answers/endpoint/receive';
import type { AnswerMessage } from '../../functions/answers/message';
import { systemClock } from '../../functions/clock';
import { memoryDeliveries } from '../answers/answering';
import { secret, signed } from '../answers/signed';

/** Signs a body as GitHub does, and has the endpoint of answers receive it. Returns what it puts into its queue; throws if that is nothing. */
export function openWebhook(): (body: object) => Promise<AnswerMessage> {
  const queue: AnswerMessage[] = [];
  const ports = {
    ...({ tracker: 'github', hasSlack: false, deliveries: memoryDeliveries(), clock: systemClock } as const),
    secret: { read: async () => ({ tracker: secret }), refused: () => false, seen: () => [] },
    enqueue: async (message: AnswerMessage) => void queue.push(message),
  };
  return async (body) => {
    const received = await receive(signed({ sender: 'github', body: JSON.stringify(body), now: Date.now() }), ports);
    const message = queue.shift();
    if (!message) throw new Error(`The endpoint of answers took nothing: ${received}.`);
    return message;
  };
}
