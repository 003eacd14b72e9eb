import type { Rule } from '../../../rules/rule';
import type { Clock } from '../../clock';
import { getItems, type Item, maxKeys } from '../../coordination/get-items';
import { keys, orderKeys } from '../../coordination/keys';
import { leaseKey } from '../../coordination/lease-key';
import { hours } from '../../duration';
import { queryLog } from '../../log/query';
import type { LogEntry } from '../../log/question';
import { nameOf } from '../../log/trail';
import type { Policy } from '../../policy/policy';
import type { DeployedTables } from '../central/deployed-tables';

/** A plan that waits for an approval. */
export interface WaitingPlan {
  /** `<rule>/<id>`. */
  readonly remediation: string;
  readonly account: string;
  readonly region: string;
  readonly resource: string;
  readonly plan: string;
  /** ISO 8601. */
  readonly since: string;
  readonly until: string;
}

export interface Waiting {
  /** The oldest first. */
  readonly plans: readonly WaitingPlan[];
  /** Not all that the log has were looked at. */
  readonly isMore: boolean;
}

/** How many plans of each outcome are looked at, the oldest first. */
const max = 200;

/** How long a plan can wait if the policy can't be read: its default. */
const usualHours = 168;

/** The plans that wait for an approval: those of the log for which the rule still has the same plan recorded, and no answer. */
export async function waitingPlans(
  tables: DeployedTables,
  rules: readonly Rule[],
  { policy, clock }: { readonly policy: Policy | undefined; readonly clock: Clock },
): Promise<Waiting> {
  const { dynamo, log } = tables;
  const now = clock.now();
  const since = new Date(now.getTime() - hours(policy?.approvals.hours ?? usualHours)).toISOString();
  const pages = await Promise.all(
    (['awaiting-approval', 'partly-fixed'] as const).map((outcome) =>
      queryLog(dynamo, log, { outcome, since, order: 'oldest-first' }, { limit: max, perPage: max }),
    ),
  );
  const entries = pages.flatMap((page) => page.entries).filter(({ by, forged }) => by === 'rule' && forged === undefined);
  const asked = [...new Map(entries.map((entry) => [nameOf(entry), entry])).values()].flatMap((entry) => {
    const rule = rules.find(({ id }) => id === entry.rule);
    return rule
      ? [{ entry, resource: leaseKey(rule, { ...entry, type: entry.resourceType, arn: entry.resource, partition: '', id: '' }) }]
      : [];
  });
  const plans: WaitingPlan[] = [];
  // Two keys for each: the plan, and its approval.
  for (let from = 0; from < asked.length; from += maxKeys / 2)
    plans.push(...(await stillWaiting(tables, asked.slice(from, from + maxKeys / 2), clock)));
  return {
    plans: plans.toSorted((a, b) => Number(a.since > b.since) - Number(a.since < b.since)),
    isMore: pages.some(({ next }) => next !== undefined),
  };
}

interface Asked {
  readonly entry: LogEntry;
  /** The key of its lease. */
  readonly resource: string;
}

async function stillWaiting(
  { dynamo, orders, coordination }: DeployedTables,
  asked: readonly Asked[],
  clock: Clock,
): Promise<readonly WaitingPlan[]> {
  const askKey = ({ entry, resource }: Asked) => keys.ask(entry.rule, resource);
  const approvalKey = ({ entry }: Asked) => orderKeys.approval(entry.rule, entry.remediation);
  const read = await getItems(dynamo, { [orders]: distinct(asked.map(approvalKey)), [coordination]: distinct(asked.map(askKey)) }, clock);
  const now = clock.now().toISOString();
  return asked.flatMap((one): readonly WaitingPlan[] => {
    const { entry } = one;
    const ask: Item | undefined = read[coordination]?.get(askKey(one));
    const isOpen = ask?.remediation === entry.remediation && String(ask.expires) > now;
    if (!ask || !isOpen || isApproval(read[orders]?.get(approvalKey(one)), ask, now)) return [];
    const { account, region, resource } = entry;
    return [
      { remediation: nameOf(entry), account, region, resource, plan: String(ask.hash), since: String(ask.at), until: String(ask.expires) },
    ];
  });
}

/** Whether it is a valid approval of the plan that waits. */
const isApproval = (approval: Item | undefined, ask: Item, now: string): boolean =>
  approval !== undefined && approval.hash === ask.hash && String(approval.expires) > now;

const distinct = (all: readonly string[]): readonly string[] => [...new Set(all)];
