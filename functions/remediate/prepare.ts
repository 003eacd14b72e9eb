import type { gone, PlanContext, Resource } from '../../rules/rule';
import { describe } from '../aws/fault';
import { parametersFor, readParameters } from '../policy/parameters';
import type { Policy } from '../policy/policy';
import { type Ending, end, endForNow, type Story } from './context';
import { type Look, look } from './inspect-and-plan';
import type { Resumption } from './resume';

/** A resource under its lease, with what the policy sets for it. */
export interface Prepared {
  readonly resource: Resource;
  readonly resumed: Resumption;
  readonly policy: Policy;
  /** The rule's parameters, validated. */
  readonly parameters: unknown;
  /** Reads the resource and plans afresh. */
  readonly look: () => Promise<Look | typeof gone>;
}

/** Reads the policy. Ends where it can't be read, or does not set what the rule needs. */
export async function prepare(story: Story, resource: Resource, resumed: Resumption): Promise<Ending | Prepared> {
  const { again, aws, tools } = story;
  const { rule, clock } = tools;
  const policy = await tools.policy().catch((error: unknown) => ({ unreadable: describe(error) }));
  if ('unreadable' in policy) {
    tools.count({ PolicyUnreadable: 1 });
    return endForNow(story, `${policy.unreadable} Nothing was changed.`, { kind: 'deferred', outcome: 'deferred' });
  }
  const read = readParameters(rule, parametersFor(rule, policy, resource));
  if ('problem' in read) return end(story, [{ kind: 'skipped', outcome: 'not-configured', reason: read.problem }]);
  const parameters = read.value;
  const context: PlanContext<unknown> = { parameters, detectedBy: again.finding.detectedBy, now: clock.now() };
  return { resource, resumed, policy, parameters, look: () => look(rule, resource, aws, context) };
}
