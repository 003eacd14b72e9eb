import { describe } from '../../aws/error';
import type { Clock } from '../../clock';
import { getItems } from '../../coordination/get-items';
import { orderKeys } from '../../coordination/keys';
import { checkOf, contentOf } from '../../coordination/policy-copy';
import { type Stops, stopKeys, stopsIn } from '../../coordination/stop';
import { queryLog } from '../../log/query';
import type { LogEntry } from '../../log/question';
import { everything } from '../../log/trail';
import { parseContent } from '../../policy/content';
import type { Policy } from '../../policy/policy';
import type { DeployedTables } from '../central/deployed-tables';

/** The policy in force, as its copy says. */
export interface PolicyStatus {
  /** Its version in AppConfig, if it is known. */
  readonly version?: string;
  /** SHA-256 of its text. */
  readonly hash?: string;
  /** When AppConfig was last asked; ISO 8601. */
  readonly checkedAt?: string;
  /** Why there is no valid policy, or none that is known; a sentence. */
  readonly problem?: string;
  /** Its publication; undefined if it is not among the newest events of the log. */
  readonly published?: Publication;
}

/** Who published a policy, and why. */
export interface Publication {
  /** ISO 8601: when the control function found it in force. */
  readonly at: string;
  /** An ARN, or `unknown`. */
  readonly by: string;
  readonly reason: string;
  readonly remediation: string;
}

export interface OrdersStatus {
  readonly stops: Stops;
  readonly policy: PolicyStatus;
  readonly inForce: Policy | undefined;
}

/** Reads the stop and the copy of the policy, in one request. */
export async function readOrders({ dynamo, orders }: DeployedTables, clock: Clock): Promise<OrdersStatus> {
  const { [orders]: items } = await getItems(dynamo, { [orders]: [...stopKeys, orderKeys.policy, orderKeys.policyCheck] }, clock);
  const copy = items?.get(orderKeys.policy);
  const check = checkOf(items?.get(orderKeys.policyCheck), String(items?.get(orderKeys.policyCheck)?.configuration), clock.now());
  const version = typeof copy?.version === 'string' ? { version: copy.version } : {};
  const stops = stopsIn(items ?? new Map());
  if ('unusable' in check) return { stops, policy: { problem: check.unusable }, inForce: undefined };
  const known = { hash: check.hash, checkedAt: check.at };
  const read = contentOf(copy, check);
  if ('unusable' in read) return { stops, policy: { ...known, problem: read.unusable }, inForce: undefined };
  try {
    return { stops, policy: { ...version, ...known }, inForce: parseContent(read.content) };
  } catch (error) {
    return { stops, policy: { ...version, ...known, problem: describe(error) }, inForce: undefined };
  }
}

/** How many of the newest events about everything are looked through: stops and resumes may come after the publication. */
const newest = 200;

/** The last publication of a policy in the log; undefined if it is not among the newest events. */
export async function findPublication({ dynamo, log }: DeployedTables): Promise<Publication | undefined> {
  const { entries } = await queryLog(dynamo, log, { rule: everything }, { limit: newest, perPage: newest });
  const [publication] = publicationsIn(entries);
  return publication;
}

/** Whether the publication is that of the policy in force, whose version the control function has put first in the reason. */
export const isOf = ({ reason }: Pick<Publication, 'reason'>, { version }: Pick<PolicyStatus, 'version'>): boolean =>
  version === undefined ? reason.startsWith('A policy without a known version ') : reason.startsWith(`Version ${version} of the policy `);

/** The publications among the events, the newest first, each with who made it as far as the log knows. */
export function publicationsIn(entries: readonly LogEntry[]): readonly Publication[] {
  const own = entries.filter(({ forged, by }) => forged === undefined && by === 'control');
  return own
    .filter(({ kind }) => kind === 'policy-published')
    .map(({ time, actor, reason, trail, remediation }) => {
      const identified = own.find((one) => one.kind === 'publisher-identified' && one.trail === trail);
      return { at: time, by: identified?.actor ?? actor, reason, remediation };
    });
}
