import type { Platform } from './platform';
import { operator } from './policy';

/** What people order, through the control function. */
export interface Operators {
  order(order: object): Promise<Reply>;
}

export interface Reply {
  readonly done: boolean;
  readonly code?: string;
  readonly reason?: string;
}

/** Orders are signed requests to the function's URL. One whose answer is lost is repeated. */
export const operators = (platform: Platform, channel: string | undefined): Operators => ({
  async order(order) {
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = (await platform.invoke('posture-control', requestOf(order), channel)) as { readonly body: string };
        return JSON.parse(answer.body) as Reply;
      } catch (error) {
        if (tries === 5) throw new Error(`The order ${JSON.stringify(order)} failed: ${error}`, { cause: error });
      }
    }
  },
});

const requestOf = (order: object): object => ({
  version: '2.0',
  body: JSON.stringify(order),
  isBase64Encoded: false,
  requestContext: { http: { method: 'POST' }, authorizer: { iam: { userArn: operator, accountId: '999999999999' } } },
});
