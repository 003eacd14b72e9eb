import { sameJson } from '../../functions/canonical-json';
import { findBreaks } from '../../functions/log/chain';
import { isChanges } from '../../functions/plan/change';
import { isServiceLinked } from '../../functions/sources/config/managed-rule';
import type { Rule } from '../../rules/rule';
import type { World } from '../contract/scenario';
import type { Gateway } from '../emulator/gateway';
import { isViolation, type Piece } from './account/piece';
import { changing, refused } from './calls';
import type { Case } from './case';
import type { Covered } from './coverage';
import type { Decided } from './decide';
import type { Sight } from './evidence';
import type { Delivery } from './pass';
import type { Patch } from './patch';
import { isControl } from './report';
import type { Response } from './respond';
import type { ShownTicket } from './ticket';
import type { Undone } from './undo';

/** Something that has to hold, and where it does not. */
export interface Check {
  readonly name: string;
  readonly problems: readonly string[];
}

type Sights = ReadonlyMap<Case, Sight>;

export interface Evidence {
  readonly rules: readonly Rule[];
  readonly observed: readonly Delivery[];
  readonly fixed: readonly Delivery[];
  /** The same reports once more. */
  readonly again: readonly Delivery[];
  /** What the owner sees before anything, after observing, and after fixing. */
  readonly before: Sights;
  readonly afterObserving: Sights;
  readonly afterFixing: Sights;
  readonly undone: Undone;
  readonly decided: Decided;
  readonly ticket: ShownTicket;
  readonly responses: readonly Response[];
  readonly patched: Patch;
  readonly covered: readonly Covered[];
  readonly gateway: Pick<Gateway, 'securityHub' | 'config'>;
  readonly world: World;
}

/** All that has to hold at the end. */
export async function checkAll(evidence: Evidence): Promise<readonly Check[]> {
  const { rules, observed, fixed, again, before, afterObserving, afterFixing, undone, decided, ticket, responses } = evidence;
  const all = [...observed, ...fixed, ...again];
  const violations = fixed.filter(({ of }) => isViolation(of.piece));
  const others = fixed.filter(({ of }) => !isViolation(of.piece));
  const taking = rules.filter(({ id }) => fixed.some(({ of }) => of.rule.id === id));
  return [
    check('every rule in the demo has a violation to fix', taking, ({ id }) =>
      violations.some(({ of }) => of.rule.id === id) ? undefined : `${id} has none: add one in test/demo/account/`,
    ),
    check('in observe mode, every finding has the expected outcome', observed, (delivery) =>
      unexpected(delivery, expectedWhenObserved(delivery.of.piece)),
    ),
    check('observe mode changes nothing', observed, (delivery) => anyChange(delivery) ?? differs(delivery.of, before, afterObserving)),
    check('in fix mode, every finding has the expected outcome', fixed, (delivery) => unexpected(delivery, delivery.of.piece.ends)),
    check('every violation is fixed', violations, ({ of }) => stillWrong(of, afterFixing.get(of))),
    check('a fix preserves unrelated settings', await kept(violations, evidence.world), (problem) => problem),
    check(
      'compliant and exempt resources are unchanged',
      others,
      (delivery) => anyChange(delivery) ?? differs(delivery.of, before, afterFixing),
    ),
    check('a repeated finding changes nothing', again, (delivery) => anyChange(delivery) ?? unexpected(delivery, whenAgain(delivery))),
    check('Security Hub and AWS Config are notified of each fix', violations, (delivery) => untold(delivery, evidence.gateway)),
    check('the hash chain of every remediation is intact', all, ({ of, events }) => {
      const [first] = events.length === 0 ? ['it has no event'] : findBreaks(events);
      return first && named(of, first);
    }),
    check('no API call was denied, and no function logged a warning', all, ({ of, calls, lines }) => {
      const [call] = refused(calls);
      if (call) return named(of, `${call.service}:${call.operation} was denied`);
      const warning = lines.find((line) => /"level":"(WARN|ERROR|CRITICAL)"/.test(line));
      return warning && named(of, warning);
    }),
    { name: 'the rollback restores the previous state', problems: rollbackProblems(undone) },
    { name: 'a plan that awaits approval is applied once, after an approver approves it', problems: approvalProblems(decided) },
    {
      name: 'a misconfiguration gets one ticket, which an operator answers, and which is closed after the fix',
      problems: ticketProblems(ticket),
    },
    { name: 'nothing is changed while changes are stopped', problems: stopProblems(decided) },
    check('a threat is contained only after an approval, and its release restores the previous state', responses, responseProblem),
    check('posture coverage lists every finding, and what the log says of it', evidence.covered, uncovered),
    check('a vulnerable package is updated only after an approval, and nothing but it', [evidence.patched], patchProblem),
  ];
}

/** How the log explains that a finding is still open, by how its report ended. */
const explanations: Readonly<Record<string, readonly string[]>> = {
  fixed: ['settling', 'exempt'],
  'already-compliant': ['settling'],
  'partly-fixed': ['waiting'],
  'awaiting-approval': ['waiting'],
  deferred: ['waiting'],
  exempt: ['exempt'],
  unfixable: ['refused'],
};

function uncovered({ of, found }: Covered): string | undefined {
  if (!found) return named(of, 'it is missing');
  return explanations[of.piece.ends]?.includes(found.status) ? undefined : named(of, `it is ${found.status} after ${of.piece.ends}`);
}

function check<Thing>(name: string, things: readonly Thing[], problem: (thing: Thing) => string | undefined): Check {
  return { name, problems: things.flatMap((thing) => problem(thing) ?? []) };
}

const named = ({ piece, reported }: Case, problem: string): string => `${piece.control} ${reported.arn}: ${problem}`;

function unexpected({ of, outcome, reason }: Delivery, expected: string): string | undefined {
  return outcome === expected ? undefined : named(of, `${outcome} instead of ${expected}. ${reason}`);
}

/** How a report ends while the rules only observe. */
export const expectedWhenObserved = (piece: Piece): string =>
  isViolation(piece) || piece.ends === 'awaiting-approval' ? 'observed' : piece.ends;

function whenAgain({ of: { piece } }: Delivery): string {
  if (piece.again !== undefined) return piece.again;
  if (piece.ends === 'fixed') return 'already-compliant';
  return piece.ends === 'partly-fixed' ? 'awaiting-approval' : piece.ends;
}

function anyChange({ of, calls }: Delivery): string | undefined {
  const [call] = changing(of.rule, calls);
  return call && named(of, `${call.service}:${call.operation} was sent`);
}

function differs(one: Case, before: Sights, after: Sights): string | undefined {
  const [was, is] = [stateOf(before.get(one)), stateOf(after.get(one))];
  return sameJson(was, is) ? undefined : named(one, `was ${JSON.stringify(was)}, and is ${JSON.stringify(is)}`);
}

const stateOf = (sight: Sight | undefined) => (sight === 'gone' ? 'gone' : sight?.state);

function stillWrong(one: Case, sight: Sight | undefined): string | undefined {
  if (!sight || sight === 'gone') return named(one, 'the resource no longer exists');
  const { plan } = sight;
  if (!isChanges(plan)) return named(one, JSON.stringify(plan));
  const left = plan.filter((change) => one.piece.ends === 'fixed' || !('irreversible' in change));
  return left.length === 0 ? undefined : named(one, `${left.length} changes are still planned`);
}

/** What was kept nowhere, in sentences. */
async function kept(deliveries: readonly Delivery[], home: World): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { of } of deliveries) {
    const { piece, reported } = of;
    try {
      await piece.keeps?.(piece.region === undefined ? home : home.in(piece.region), reported);
    } catch (error) {
      problems.push(named(of, error instanceof Error ? error.message : String(error)));
    }
  }
  return problems;
}

/** What waits for an approval in part is not told: the fault is still there. */
function untold({ of, remediation }: Delivery, { securityHub, config }: Evidence['gateway']): string | undefined {
  const whole = of.piece.ends === 'fixed';
  if (!isControl(of.piece.control)) {
    const name = (of.event as { readonly detail?: { readonly configRuleName?: string } }).detail?.configRuleName ?? '';
    const evaluated = config.evaluations.some(({ rule }) => rule === name);
    // Only Security Hub can start the Config rules that it has deployed.
    if (evaluated && (isServiceLinked(name) || !whole))
      return named(of, `an evaluation of ${name} was started, which is impossible or unnecessary`);
    return evaluated || isServiceLinked(name) || !whole ? undefined : named(of, `no evaluation of ${name} was started`);
  }
  const told = securityHub.updates.some(({ change }) => {
    const { Workflow, Note } = change as { readonly Workflow?: { readonly Status?: string }; readonly Note?: { readonly Text?: string } };
    return Workflow?.Status === 'NOTIFIED' && Note?.Text?.includes(remediation);
  });
  if (told === whole) return undefined;
  return named(of, told ? 'its finding is NOTIFIED as fixed, although a part is not' : 'its finding is not NOTIFIED in Security Hub');
}

function rollbackProblems({ result, before, after, fixed, findBreaks: broken }: Undone): readonly string[] {
  return [
    ...(result.outcome === 'rolled-back' ? [] : [`The outcome is ${result.outcome}. ${result.reason}`]),
    ...(sameJson(stateOf(before), stateOf(after))
      ? []
      : [`The state is ${JSON.stringify(stateOf(after))}, and was ${JSON.stringify(stateOf(before))}.`]),
    ...(sameJson(stateOf(before), stateOf(fixed)) ? ['The fix had changed nothing, so there was nothing to roll back.'] : []),
    ...broken,
  ];
}

function approvalProblems({ asked, mail, refused, approved, repeated, fixed, versioned, breaks }: Decided): readonly string[] {
  return [
    ...(asked.outcome === 'awaiting-approval' && !versioned.asked ? [] : [`The plan did not await approval: ${asked.reason}`]),
    ...(mail.body.includes(`posture approve ${asked.remediation}`) ? [] : ['The email has no command to approve it.']),
    ...(!refused.done && refused.refused === 'forbidden'
      ? []
      : [`A principal that is not an approver could approve it: ${refused.reason}`]),
    ...(approved.done ? [] : [`The approver could not approve it: ${approved.reason}`]),
    ...(fixed.outcome === 'fixed' && fixed.remediation === asked.remediation && versioned.approved
      ? []
      : [`The outcome of the approval is ${fixed.outcome}: ${fixed.reason}`]),
    ...(repeated.done ? ['The plan could be approved twice.'] : []),
    ...breaks,
  ];
}

function responseProblem({ finding, asked, approved, contained, released, rolledBack, seen }: Response): string | undefined {
  const expected: readonly (readonly [is: boolean, otherwise: string])[] = [
    [
      asked.outcome === 'awaiting-approval' && seen.asked === seen.before,
      `it ended as ${asked.outcome} before an approval: ${asked.reason}`,
    ],
    [approved.done, `it could not be approved: ${approved.reason}`],
    [contained.outcome === 'fixed', `it is not contained: ${contained.reason}`],
    [/^no network path$|Inactive$/.test(seen.contained), `the owner sees ${seen.contained}`],
    [released.done && rolledBack.outcome === 'rolled-back', `it was not released: ${rolledBack.reason}`],
    [seen.released === seen.before, `after its release, the owner sees ${seen.released}, and saw ${seen.before}`],
  ];
  const wrong = expected.find(([is]) => !is);
  return wrong && `${finding}: ${wrong[1]}`;
}

function patchProblem({ finding, asked, approved, patched, read }: Patch): string | undefined {
  const expected: readonly (readonly [is: boolean, otherwise: string])[] = [
    [asked.outcome === 'awaiting-approval' && read.before.length === 0, `it ended as ${asked.outcome} before an approval: ${asked.reason}`],
    [approved.done, `it could not be approved: ${approved.reason}`],
    [read.after.join() === 'openssl-libs.x86_64', `the instance read the list ${read.after.join()}`],
    [patched.outcome === 'fixed', `it is not fixed: ${patched.reason}`],
  ];
  const wrong = expected.find(([is]) => !is);
  return wrong && `${finding}: ${wrong[1]}`;
}

function stopProblems({ stopped, meanwhile, started }: Decided): readonly string[] {
  return [
    ...(stopped.done ? [] : [`Changes could not be stopped: ${stopped.reason}`]),
    ...(meanwhile.outcome === 'deferred'
      ? []
      : [`While changes were stopped, a finding ended as ${meanwhile.outcome}: ${meanwhile.reason}`]),
    ...(started.done ? [] : [`Changes could not be resumed: ${started.reason}`]),
  ];
}

function ticketProblems({ tickets, state, body, steps, stranger, operator, fixed, versioned }: ShownTicket): readonly string[] {
  return [
    ...(tickets === 1 ? [] : [`there are ${tickets} tickets`]),
    ...(state === 'closed' ? [] : ['it is still open']),
    ...(body.includes('posture approve') ? [] : ['it does not say how to approve the plan']),
    ...(stranger.result.result === 'refused' && !versioned.stranger && stranger.comment.includes('does not count')
      ? []
      : [`somebody else could approve the plan in it: ${stranger.reply?.reason ?? stranger.result.result}`]),
    ...(operator.result.result === 'done' ? [] : [`the operator could not approve the plan in it: ${operator.reply?.reason ?? ''}`]),
    ...(fixed.outcome === 'fixed' && versioned.operator ? [] : [`the outcome of the answer is ${fixed.outcome}: ${fixed.reason}`]),
    ...(steps.map(({ result }) => result).join() === 'created,commented,closed'
      ? []
      : [`it was ${steps.map(({ result }) => result).join()}`]),
  ];
}
