import type { Rule } from '../../rules/rule';
import { describe } from '../aws/fault';
import type { Policy } from '../policy/policy';
import { forbidden } from './authorize';
import { type History, historyOf, type RemediationOrder } from './history';
import type { ControlPorts } from './ports';
import { type Reply, refuse } from './reply';
import { noRule } from './unknown-rule';

interface Refused {
  readonly refusal: Reply;
}

/** The remediation that the order is about, and the policy that lets this person give it. That a person may not stands in the log of the remediation. */
export async function authorizeForRemediation(
  { order, remediation }: { readonly order: RemediationOrder; readonly remediation: string },
  by: string,
  ports: ControlPorts,
): Promise<{ readonly history: History; readonly policy: Policy } | Refused> {
  const known = await readPolicy(ports);
  if ('refusal' in known) return known;
  const history = await historyOf(remediation, ports);
  if ('refusal' in history) return history;
  const { first: event, rule } = history;
  const no = await forbidden(by, { event, rule }, { ...known, ousOf: ports.ousOf });
  if (no !== undefined) return { refusal: await history.refuse({ order, by }, 'forbidden', no) };
  return { history, ...known };
}

/** The rule that the order is about, where this person may give it. */
export async function authorizeForRule(id: string, by: string, ports: ControlPorts): Promise<{ readonly rule: Rule } | Refused> {
  const known = await readPolicy(ports);
  if ('refusal' in known) return known;
  const rule = ports.rules.get(id);
  if (!rule) return { refusal: noRule(id, ports.rules) };
  const no = await forbidden(by, { rule }, { ...known, ousOf: ports.ousOf });
  return no === undefined ? { rule } : { refusal: refuse('forbidden', no) };
}

/** Whether this person may give orders about everything. */
export async function authorizeForEverything(by: string, ports: ControlPorts): Promise<'authorized' | Refused> {
  const known = await readPolicy(ports);
  if ('refusal' in known) return known;
  const no = await forbidden(by, 'everything', { ...known, ousOf: ports.ousOf });
  return no === undefined ? 'authorized' : { refusal: refuse('forbidden', no) };
}

async function readPolicy({ policy }: ControlPorts): Promise<{ readonly policy: Policy } | Refused> {
  try {
    return { policy: await policy() };
  } catch (error) {
    return { refusal: refuse('conflict', `Who may order this is not known: ${describe(error)}`) };
  }
}
