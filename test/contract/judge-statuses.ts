import { isChanges } from '../../functions/plan/change';
import { inspectAndPlan } from '../../functions/remediate/inspect-and-plan';
import { notFound, type Plan, type PlanContext, type Resource, type Rule } from '../../rules/rule';
import type { DocumentedStatuses } from './documented-statuses';
import { isWellFormed } from './obstacle-code';
import type { Replaying } from './replay';

/** What a rule makes of each status, were the resource in it: those that it misjudges, and how many answers had a status at all. */
export async function judgeStatuses(
  rule: Rule,
  resource: Resource,
  context: PlanContext<unknown>,
  statuses: readonly DocumentedStatuses[],
  replaying: Replaying,
): Promise<{ readonly misjudged: readonly string[]; readonly seen: number }> {
  const misjudged: string[] = [];
  let seen = 0;
  for (const row of statuses) {
    const { action, member, lasting, passing } = row;
    for (const status of [...lasting, ...passing]) {
      const aws = replaying((command, answer) => {
        if (command !== `${action.slice(action.indexOf(':') + 1)}Command`) return answer;
        seen += 1;
        return withStatus(answer, member.split('.'), status);
      });
      const found = await inspectAndPlan(rule, resource, aws, context);
      if (found !== notFound && isMisjudged(found.plan, status, row)) misjudged.push(`${action} ${status}: ${JSON.stringify(found.plan)}`);
    }
  }
  return { misjudged, seen };
}

/** The answer with another status in each place that the member names. */
export function withStatus(answer: unknown, [name = '', ...rest]: readonly string[], status: string): unknown {
  if (Array.isArray(answer)) return answer.map((one) => withStatus(one, [name, ...rest], status));
  if (answer === null || typeof answer !== 'object') return answer;
  const held = answer as Readonly<Record<string, unknown>>;
  if (rest.length === 0) return { ...held, [name]: status };
  return { ...held, [name]: withStatus(held[name], rest, status) };
}

/** Whether a plan waits for a status that stays, has no well-formed code for it, or gives up because of one that passes. */
export function isMisjudged(plan: Plan, status: string, { lasting }: Pick<DocumentedStatuses, 'lasting'>): boolean {
  if (isChanges(plan)) return false;
  return lasting.includes(status) ? 'blocked' in plan || !isWellFormed(plan) : 'unfixable' in plan;
}
