import type { Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import type { Policy } from '../policy/policy';
import { forbidden } from './authorize';
import { type History, historyOf, type RemediationOrder } from './history';
import type { ControlPorts } from './ports';
import { type Reply, refuse } from './reply';
import { noRule } from './unknown-rule';

interface Refused {
  readonly refusal: Reply;
}

/** The remediation of the request, and the policy, if the caller is authorized. A refusal is logged. */
export async function authorizeForRemediation(
  { order, remediation }: { readonly order: RemediationOrder; readonly remediation: string },
  by: string,
  ports: ControlPorts,
): Promise<{ readonly history: History; readonly policy: Policy } | Refused> {
  const known = await readPolicy(ports);
  if ('refusal' in known) return known;
  const history = await historyOf(remediation, ports);
  if ('refusal' in history) return history;
  const { last: event, rule } = history;
  const no = await forbidden(by, { event, rule }, { ...known, ousOf: ports.ousOf });
  if (no !== undefined) return { refusal: await history.refuse({ order, by }, 'forbidden', no) };
  return { history, ...known };
}

/** The rule of the request, if the caller is authorized. */
export async function authorizeForRule(id: string, by: string, ports: ControlPorts): Promise<{ readonly rule: Rule } | Refused> {
  const known = await readPolicy(ports);
  if ('refusal' in known) return known;
  const rule = ports.rules.get(id);
  if (!rule) return { refusal: noRule(id, ports.rules) };
  const no = await forbidden(by, { rule }, { ...known, ousOf: ports.ousOf });
  return no === undefined ? { rule } : { refusal: refuse('forbidden', no.code, no.reason) };
}

/** Whether the caller is authorized for everything. */
export async function authorizeForEverything(by: string, ports: ControlPorts): Promise<'authorized' | Refused> {
  const known = await readPolicy(ports);
  if ('refusal' in known) return known;
  const no = await forbidden(by, 'everything', { ...known, ousOf: ports.ousOf });
  return no === undefined ? 'authorized' : { refusal: refuse('forbidden', no.code, no.reason) };
}

async function readPolicy({ policy }: ControlPorts): Promise<{ readonly policy: Policy } | Refused> {
  try {
    return { policy: await policy() };
  } catch (error) {
    const reason = `The approvers are unknown, because the policy can't be read: ${describe(error)}`;
    return { refusal: refuse('conflict', 'policy-unreadable', reason) };
  }
}
