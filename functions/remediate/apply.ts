import { type Aws, type AwsCommand, type Change, type Json, notFound, type Resource, type Rule } from '../../rules/rule';
import { commandWithDocument, type Documents } from '../aws/documents';
import { describe, isAccessDenied, isErrorLike, mayBeApplied } from '../aws/error';
import { poll, retry } from '../backoff';
import { sameJson } from '../canonical-json';
import type { Clock } from '../clock';
import type { Effect, LoggedChange } from '../log/event';
import { isChanges, loggedChange } from '../plan/change';
import { effectsIn } from '../plan/effects';
import { isMade } from '../plan/intents';
import { isSeenUndone } from '../plan/undone';
import { type Collector, createCollector, type Failure } from './collector';
import type { Inspection } from './inspect-and-plan';

/** What became of the changes; `effects` says it of each, `uncollected` which evidence was not collected, and why, as sentences. */
export type Application = { readonly uncollected?: readonly string[] } & (
  | { readonly result: 'applied'; readonly effects: readonly Effect[] }
  /** The first change failed, and was not made; or it failed, and the changes before it were reverted. `stands` describes the resource, as a sentence. */
  | { readonly result: 'not-made' | 'reverted'; readonly effects: readonly Effect[]; readonly error: unknown; readonly stands: string }
  /** A change failed, and changes are, or may be, in effect. `left` says why, as a sentence. */
  | { readonly result: 'left'; readonly effects: readonly Effect[]; readonly error: unknown; readonly left: string }
  | { readonly result: 'not-found'; readonly effects: readonly Effect[]; readonly error: unknown }
);

export interface ApplyOptions {
  readonly rule: Rule;
  readonly resource: Resource;
  readonly aws: Aws;
  readonly clock: Clock;
  readonly documents?: Documents | undefined;
  readonly before: Json;
  readonly parameters: unknown;
  readonly inspectAndPlan: () => Promise<Inspection | typeof notFound>;
  /** Whether a response contains the resource: then no further change is made. */
  readonly isContained: () => Promise<boolean>;
}

/** A response contains the resource. */
export class Contained extends Error {
  override readonly name = 'Contained';
}

interface Work extends ApplyOptions {
  readonly changes: readonly Change[];
  readonly logged: readonly LoggedChange[];
}

/** Sends the changes in order, and beside them what collects evidence. If a change fails, looks whether it took effect nevertheless; if not, reverts those before it, in reverse order. */
export async function apply(changes: readonly Change[], options: ApplyOptions): Promise<Application> {
  // Before they are sent: the SDK adds checksums to the input of a command.
  const work: Work = { ...options, changes, logged: changes.map(loggedChange) };
  const collector = createCollector((change) => send(change, work));
  const application = await applyInOrder(work, collector);
  return { ...application, ...(await collector.finish(application.effects)) };
}

async function applyInOrder(work: Work, collector: Collector): Promise<Application> {
  const { changes } = work;
  // Of evidence, the collector says what became of it.
  let effects: readonly Effect[] = changes.map(() => 'not-made');
  for (const [index, change] of changes.entries()) {
    if ('evidence' in change) {
      collector.begin(change, index);
      continue;
    }
    // Right before the first one, the last look has told.
    const obstacle = index === 0 ? undefined : await obstacleTo(work);
    if (obstacle) return { result: 'left', effects, error: obstacle, left: 'No further change was made.' };
    const failure = await send(change, work);
    effects = effects.with(index, failure ? afterFailure(failure) : 'accepted');
    if (!failure) continue;
    const settled = await settleFailure(failure, index, effects, work);
    if ('result' in settled) return settled;
    effects = settled.seen;
  }
  return { result: 'applied', effects };
}

/** The end of the changes, or what is in effect if the failed change is nevertheless. */
async function settleFailure(
  failure: Failure,
  index: number,
  known: readonly Effect[],
  work: Work,
): Promise<Application | { readonly seen: readonly Effect[] }> {
  const { error } = failure;
  const sight = await lookAfter(failure, index, known, work);
  if (sight === notFound) return { result: 'not-found', effects: known.map(() => 'not-made'), error };
  if (sight.result === 'unclear') return { result: 'left', effects: sight.effects, error, left: sight.why };
  const { effects } = sight;
  if (isMade(effects[index] ?? 'unknown')) return { seen: effects };
  // Nothing releases what is contained but a person.
  const stays = work.rule.response !== undefined && effects.some(isMade);
  if (stays) return { result: 'left', effects, error, left: 'The changes made before it stay in effect.' };
  return revert(effects, failure, work);
}

/** Why no further change may be made now. What can't be read prevents it, too. */
const obstacleTo = async ({ isContained }: ApplyOptions): Promise<unknown> =>
  isContained().then(
    (contained) => (contained ? new Contained('A response contains the resource') : undefined),
    (error: unknown) => error,
  );

/** Unless IAM refused it, or it was not sent, the change may be in effect. */
const afterFailure = ({ error, isLost, isUnsent }: Failure): Effect =>
  isUnsent || (isAccessDenied(error) && !isLost) ? 'not-made' : 'unknown';

/** Pauses in milliseconds before a change is sent again, until an earlier change has propagated in AWS. */
const pauses = [1000, 2000, 4000, 8000, 15_000];

async function send(change: Change, options: ApplyOptions): Promise<Failure | undefined> {
  const { retryOn = [] } = change;
  const { aws, clock } = options;
  const command = await withDocument(change, options);
  if ('failure' in command) return command.failure;
  let isLost = false;
  const isTransient = (error: unknown): boolean => {
    isLost ||= mayBeApplied(error);
    return isErrorLike(error) && retryOn.includes(error.name);
  };
  try {
    await retry(() => aws.send(command.ready), isTransient, { clock, pauses });
    return undefined;
  } catch (error) {
    return { error, isLost };
  }
}

async function withDocument(
  { do: planned, document }: Change,
  { rule, documents }: ApplyOptions,
): Promise<{ readonly ready: AwsCommand } | { readonly failure: Failure }> {
  if (document === undefined) return { ready: planned };
  try {
    return { ready: await commandWithDocument(planned, document, { rule, documents }) };
  } catch (error) {
    return { failure: { error, isLost: false, isUnsent: true } };
  }
}

type Sight =
  | { readonly result: 'clear'; readonly effects: readonly Effect[] }
  | { readonly result: 'unclear'; readonly effects: readonly Effect[]; readonly why: string };

/** Pauses in milliseconds between two looks for a change whose answer was lost: AWS may return an old state shortly after a change. */
const looks = [500, 1000, 2000, 4000, 4000];

/** Looks for a change that failed. If it may have been applied, that it can't be seen right away does not say that it was not. */
const lookAfter = ({ isLost }: Failure, index: number, known: readonly Effect[], work: Work): Promise<Sight | typeof notFound> =>
  poll(
    () => lookFor(known, work),
    (sight) => sight === notFound || sight.result === 'unclear' || isMade(sight.effects[index] ?? 'unknown'),
    { clock: work.clock, pauses: isLost ? looks : [] },
  );

/** Which changes are in effect. Unclear if the resource can't be inspected, or if others have changed it meanwhile: then nothing is sent blindly. */
async function lookFor(known: readonly Effect[], work: Work): Promise<Sight | typeof notFound> {
  const { rule, before, logged, inspectAndPlan } = work;
  try {
    const seen = await inspectAndPlan();
    if (seen === notFound) return notFound;
    // What AWS accepted a moment ago may not be visible yet.
    const effects = effectsIn({ changes: logged, before, effects: known }, seen, isSlow(rule)).map((effect, index) =>
      known[index] === 'accepted' ? 'accepted' : effect,
    );
    if (effects.includes('unknown')) return { result: 'unclear', effects, why: 'Whether it took effect is not visible yet.' };
    const needed = isChanges(seen.plan) ? seen.plan.map(loggedChange) : [];
    const others = needed.some((change) => !('irreversible' in change) && !logged.some((own) => sameJson(own.do, change.do)));
    if (others) return { result: 'unclear', effects, why: 'Others have changed the resource meanwhile.' };
    return { result: 'clear', effects };
  } catch (second) {
    return { result: 'unclear', effects: known, why: `The resource can't be inspected after it (${describe(second)}).` };
  }
}

/** AWS documents no time after which a change is visible everywhere. */
const unseen = 'None of the changes is visible. AWS did not answer one of the calls, so its change can still become visible.';

async function revert(effects: readonly Effect[], { error, isLost }: Failure, work: Work): Promise<Application> {
  const { changes, logged: own, before, rule } = work;
  const done = changes.filter((_, index) => isMade(effects[index] ?? 'unknown'));
  const none: readonly Effect[] = changes.map(() => 'not-made');
  if (done.length === 0) return { result: 'not-made', effects: none, error, stands: isLost ? unseen : 'None of the changes was made.' };
  try {
    for (const change of done.toReversed()) {
      const obstacle = await obstacleTo(work);
      if (obstacle) throw obstacle;
      for (const command of await undoOf(change, work)) await work.aws.send(command);
    }
  } catch (second) {
    // If the response to an applied change was lost, AWS may refuse the retry of the SDK: the state decides.
    return stateAfterRevert(`Of ${done.length} changes made before it, not all could be reverted: ${describe(second)}.`);
  }
  return stateAfterRevert('The changes made before it were reverted, but the state of the resource differs from the previous state.', true);

  async function stateAfterRevert(left: string, accepted = false): Promise<Application> {
    const seen = await work.inspectAndPlan().catch(() => undefined);
    if (seen === notFound) return { result: 'not-found', effects: none, error };
    if (seen && sameJson(seen.state, before))
      return { result: 'reverted', effects: none, error, stands: 'The state of the resource is the same as before.' };
    const sent = { changes: own, before, effects };
    if (seen && accepted && done.some((change) => 'nearest' in change) && isSeenUndone(work, sent, seen))
      return {
        result: 'reverted',
        effects: none,
        error,
        stands: 'The state of the resource is as close to the previous state as AWS allows.',
      };
    const logged = { changes: own, before, effects: changes.map((_, index) => unsure(effects[index])) };
    return { result: 'left', effects: seen ? effectsIn(logged, seen, isSlow(rule)) : logged.effects, error, left };
  }
}

/** Whether a change may take effect only minutes after AWS has accepted it. */
const isSlow = ({ settle = 0 }: Rule): boolean => settle > 20;

const unsure = (effect: Effect | undefined): Effect => (effect === 'not-made' ? 'not-made' : 'unknown');

async function undoOf(change: Change, { rule, resource, aws, clock, before, parameters }: ApplyOptions): Promise<readonly AwsCommand[]> {
  if ('irreversible' in change) throw new Error(change.irreversible);
  if ('evidence' in change) return [];
  if (change.undo !== 'revert-own-part') return [change.undo];
  const now = await rule.inspect(resource, aws, parameters, clock.now());
  if (now === notFound) throw new Error('the resource does not exist');
  const commands = rule.revertOwnPart?.(resource, now, { before, after: now, parameters });
  if (!commands) throw new Error('the rule cannot identify its own part in the present state');
  return commands;
}
