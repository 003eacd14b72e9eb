import type { Platform } from './platform';
import { operator } from './policy';
import { controlChannel } from './tables';

/** What people order through the control function, and its hourly check. */
export interface Operators {
  order(order: object): Promise<Reply>;
  checkHourly(): Promise<void>;
  /** The control function copies the policy in force. */
  copyPolicy(): Promise<void>;
  /** What the checks have found. */
  readonly hourly: readonly Hourly[];
}

export interface Reply {
  readonly done: boolean;
  readonly code?: string;
  readonly reason?: string;
}

interface Hourly {
  readonly differences?: readonly unknown[];
}

/** Orders are signed requests to the function's URL. One whose answer is lost is repeated. */
export function operators(platform: Platform): Operators {
  const hourly: Hourly[] = [];
  return {
    hourly,
    async order(order) {
      for (let tries = 1; ; tries += 1) {
        try {
          const answer = (await platform.invoke('posture-control', requestOf(order), controlChannel)) as { readonly body: string };
          return JSON.parse(answer.body) as Reply;
        } catch (error) {
          if (tries === 5) throw new Error(`The order ${JSON.stringify(order)} failed: ${error}`, { cause: error });
        }
      }
    },
    async copyPolicy() {
      await platform.invoke('posture-control', { source: 'aws.events', 'detail-type': 'Scheduled Event' }, 'policy');
    },
    async checkHourly() {
      hourly.push(
        (await platform.invoke('posture-control', { source: 'aws.events', 'detail-type': 'Scheduled Event' }, 'hourly')) as Hourly,
      );
    },
  };
}

const requestOf = (order: object): object => ({
  version: '2.0',
  body: JSON.stringify(order),
  isBase64Encoded: false,
  requestContext: { http: { method: 'POST' }, authorizer: { iam: { userArn: operator, accountId: '999999999999' } } },
});
