import type { Change } from '../../rules/rule';
import { describe } from '../aws/error';
import type { Effect } from '../log/event';
import { loggedChange } from '../plan/change';

/** Why a change failed. `isLost`: it may have been applied by one of its attempts, whose answer was lost. */
export interface Failure {
  readonly error: unknown;
  readonly isLost: boolean;
  readonly isUnsent?: true;
}

/** How long evidence is waited for, in milliseconds, when all other changes were sent. */
const patience = 15_000;

/** Sends what collects evidence, one after the other, beside the changes that must not wait for it. */
export interface Collector {
  begin(change: Change, index: number): void;
  /** Waits until AWS has answered, but not for long. The effects with those of the evidence, and what was not collected. */
  finish(effects: readonly Effect[]): Promise<{ readonly effects: readonly Effect[]; readonly uncollected?: readonly string[] }>;
}

export function createCollector(send: (change: Change) => Promise<Failure | undefined>, within = patience): Collector {
  const begun: { readonly name: string; readonly index: number; answer?: Failure | 'accepted' }[] = [];
  let last: Promise<unknown> = Promise.resolve();
  return {
    begin(change, index) {
      const { service, operation } = loggedChange(change).do;
      const one: (typeof begun)[number] = { name: `${service}:${operation}`, index };
      begun.push(one);
      last = last.then(async () => {
        one.answer = (await send(change).catch((error: unknown): Failure => ({ error, isLost: true }))) ?? 'accepted';
      });
    },
    async finish(effects) {
      if (begun.length === 0) return { effects };
      await Promise.race([last, passed(within)]);
      const uncollected = begun.flatMap(({ name, answer }) => whyNot(name, answer) ?? []);
      const known = begun.reduce((all, { index, answer }) => all.with(index, effectOf(answer)), effects);
      return { effects: known, ...(uncollected.length > 0 && { uncollected }) };
    },
  };
}

/** It stops no process from ending, unlike a timer. */
const passed = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    AbortSignal.timeout(milliseconds).addEventListener('abort', () => resolve(), { once: true });
  });

function effectOf(answer: Failure | 'accepted' | undefined): Effect {
  if (answer === 'accepted') return 'accepted';
  return answer === undefined || answer.isLost ? 'unknown' : 'not-made';
}

function whyNot(name: string, answer: Failure | 'accepted' | undefined): string | undefined {
  if (answer === 'accepted') return undefined;
  return answer === undefined ? `${name}: AWS has not answered yet.` : `${name}: ${describe(answer.error).replace(/\.$/, '')}.`;
}
