import { type Json, notFound } from '../../rules/rule';
import { describe } from '../aws/error';
import { seconds } from '../duration';
import type { Effect } from '../log/event';
import { effectsIn, effectsText } from '../plan/effects';
import { type Intent, openIntents, someMade } from '../plan/intents';
import type { RemediationContext } from './context';
import { type Inspection, inspectAndPlan } from './inspect-and-plan';
import { collectedForOf } from './record-collected';

/** How the resource of an open remediation stands. */
export type Standing =
  /** The remediation has no intent that is neither verified nor reverted. */
  | { readonly status: 'not-open' }
  | { readonly status: 'not-found' }
  /** None of its changes is in effect. */
  | { readonly status: 'nothing-made'; readonly effects: readonly Effect[] }
  /** Changes are, or may be, in effect. */
  | { readonly status: 'half-done'; readonly effects: readonly Effect[]; readonly state?: Json; readonly text: string };

type Looking = Pick<RemediationContext, 'attempt' | 'journal' | 'resource' | 'aws' | 'ports' | 'effects'>;

/** Looks at the resource, and finds out which changes of the open intents are in effect. `seen`: it was looked at just now. */
export async function standingOf(context: Looking, seen?: Inspection | typeof notFound): Promise<Standing> {
  const intents = openIntents(context.journal.events);
  const logged = intents.at(-1);
  if (!logged) return { status: 'not-open' };
  const last = { ...logged, effects: context.effects ?? logged.effects };
  const look = seen ?? (await lookAgain(context, last).catch((error: unknown) => ({ unreadable: describe(error) })));
  if (look === notFound) return { status: 'not-found' };
  const unread = 'unreadable' in look ? ` The resource can't be inspected now (${look.unreadable}).` : '';
  const effects = 'unreadable' in look ? last.effects : withSent(last, effectsIn(last, look, isSlow(last, context.ports)), context.ports);
  const all = [...intents.slice(0, -1), { ...last, effects }];
  if (!someMade(all)) return { status: 'nothing-made', effects };
  const state = 'unreadable' in look ? {} : { state: look.state };
  return { status: 'half-done', effects, ...state, text: `${effectsText(all)}${unread}` };
}

/**
 * What a slow rule can't take back, and AWS accepted, was sent, whatever the resource shows: a command may run, or have run without the result that
 * was expected. If it counted as not made, it would be sent again.
 */
const withSent = ({ changes, effects }: Intent, seen: readonly Effect[], { rule: { settle } }: Looking['ports']): readonly Effect[] =>
  settle === undefined
    ? seen
    : seen.map((effect, index) => {
        const change = changes[index];
        return change && 'irreversible' in change && effects[index] === 'accepted' ? 'accepted' : effect;
      });

/** With the parameters of the intent: it does not depend on the policy, which may be unreadable. */
const lookAgain = ({ attempt, journal, resource, aws, ports: { rule, clock } }: Looking, { parameters }: Intent) => {
  const { evidence } = attempt.finding;
  const { detectedBy } = journal.subject;
  const known = { parameters, detectedBy, now: clock.now(), collectedFor: collectedForOf(journal.subject) };
  return inspectAndPlan(rule, resource, aws, { ...known, ...(evidence && { evidence }) });
};

/** Whether a change of the intent may not be visible yet. */
const isSlow = ({ time }: Intent, { rule, clock }: Looking['ports']): boolean =>
  rule.settle !== undefined && clock.now().getTime() - Date.parse(time) < seconds(rule.settle);
