import type { Rule } from '../../rules/rule';
import { describe } from '../aws/fault';
import type { Policy } from '../policy/policy';
import { forbidden } from './authorize';
import { type History, historyOf, type RemediationOrder } from './history';
import type { ControlTools } from './ports';
import { type Reply, refuse } from './reply';
import { noRule } from './unknown-rule';

interface Refused {
  readonly refusal: Reply;
}

/** The remediation that the order is about, and the policy that lets this person give it. That a person may not stands in the log of the remediation. */
export async function authorizeForRemediation(
  { order, remediation }: { readonly order: RemediationOrder; readonly remediation: string },
  by: string,
  tools: ControlTools,
): Promise<{ readonly history: History; readonly policy: Policy } | Refused> {
  const known = await readPolicy(tools);
  if ('refusal' in known) return known;
  const history = await historyOf(remediation, tools);
  if ('refusal' in history) return history;
  const { first: event, rule } = history;
  const no = await forbidden(by, { event, rule }, { ...known, ousOf: tools.ousOf });
  if (no !== undefined) return { refusal: await history.refuse({ order, by }, 'forbidden', no) };
  return { history, ...known };
}

/** The rule that the order is about, where this person may give it. */
export async function authorizeForRule(id: string, by: string, tools: ControlTools): Promise<{ readonly rule: Rule } | Refused> {
  const known = await readPolicy(tools);
  if ('refusal' in known) return known;
  const rule = tools.rules.get(id);
  if (!rule) return { refusal: noRule(id, tools.rules) };
  const no = await forbidden(by, { rule }, { ...known, ousOf: tools.ousOf });
  return no === undefined ? { rule } : { refusal: refuse('forbidden', no) };
}

/** Whether this person may give orders about everything. */
export async function authorizeForEverything(by: string, tools: ControlTools): Promise<'authorized' | Refused> {
  const known = await readPolicy(tools);
  if ('refusal' in known) return known;
  const no = await forbidden(by, 'everything', { ...known, ousOf: tools.ousOf });
  return no === undefined ? 'authorized' : { refusal: refuse('forbidden', no) };
}

async function readPolicy({ policy }: ControlTools): Promise<{ readonly policy: Policy } | Refused> {
  try {
    return { policy: await policy() };
  } catch (error) {
    return { refusal: refuse('conflict', `Who may order this is not known: ${describe(error)}`) };
  }
}
