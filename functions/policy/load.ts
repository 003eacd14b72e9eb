import { describe } from '../aws/error';
import type { Clock } from '../clock';
import { seconds } from '../duration';
import type { Poll } from './app-config';
import { PolicyUnreadable, parseContent } from './content';
import type { Policy } from './policy';

/** How long an answer is used without polling again. */
const freshFor = seconds(30);

/** Loads the policy from AppConfig itself. Cached for 30 seconds; an older answer is never used. Throws PolicyUnreadable. */
export function appConfigPolicy(poll: Poll, clock: Clock): () => Promise<Policy> {
  let token: string | undefined;
  let content: string | undefined;
  let kept: { readonly policy: Policy; readonly at: number } | undefined;
  let asked: Promise<Policy> | undefined;

  return async () => {
    if (kept && clock.now().getTime() - kept.at < freshFor) return kept.policy;
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return asked;
  };

  async function ask(): Promise<Policy> {
    // Before the request: the answer may be as old as that.
    const at = clock.now().getTime();
    try {
      const polled = await poll(token);
      if (polled.anew || polled.content !== undefined) content = polled.content;
      token = polled.token;
    } catch (cause) {
      token = undefined;
      throw new PolicyUnreadable(`The policy could not be fetched from AppConfig: ${describe(cause)}.`, { cause });
    }
    const policy = parseContent(content);
    kept = { policy, at };
    return policy;
  }
}
