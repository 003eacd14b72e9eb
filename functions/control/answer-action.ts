import { writeCentralEvent } from './central-event';
import { anybodyInSecurityHub } from './custom-action-request';
import type { About } from './order-request';
import type { ControlPorts } from './ports';
import type { RefusalReason } from './reply';

/** Answers the operator of a custom action that leads to nothing: Security Hub shows no reply, so it is logged and published. */
export async function answerAction({ code, reason }: RefusalReason, about: About = {}, ports: ControlPorts): Promise<void> {
  const rule = about.rule === undefined ? undefined : ports.rules.get(about.rule);
  const { rule: _, ...known } = about;
  await writeCentralEvent({ kind: 'request-refused', code, reason, actor: anybodyInSecurityHub }, ports, rule, known);
}
