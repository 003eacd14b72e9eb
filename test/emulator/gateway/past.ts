import type { Place } from './local';
import type { Operation } from './operation';
import type { Answer } from './upstream';

/** What lies in the past of an account. */
export interface Past {
  /** Lets IAM say that all access keys and the password of a user are of that day. */
  credentialsOf(user: string, account: string, since: Date): void;
}

const dated = new Set(['ListAccessKeys', 'GetLoginProfile']);

/** The part of IAM that moto lacks: what was made long ago. To moto, all is of now. */
export const emulatePast = () => {
  const sinceOf = new Map<string, Date>();
  return {
    past: {
      credentialsOf(user, account, since) {
        sinceOf.set(`${account} ${user}`, since);
      },
    } satisfies Past,
    /** Moto's answer, with the days that lie in the past. */
    backdated(operation: Operation, { account }: Pick<Place, 'account'>, answer: Answer): Answer {
      if (operation.service !== 'iam' || !dated.has(operation.name) || answer.status !== 200) return answer;
      const since = sinceOf.get(`${account} ${operation.input.UserName}`);
      if (since === undefined) return answer;
      const body = answer.body.toString().replace(/(<CreateDate>)[^<]*/g, `$1${since.toISOString()}`);
      return { ...answer, body: Buffer.from(body) };
    },
  };
};
