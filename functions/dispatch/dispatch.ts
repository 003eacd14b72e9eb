import { type Rule, toArray } from '../../rules/rule';
import type { Refusal } from '../findings/finding';
import { type Identification, identify } from '../sources/config/identify';
import { isDeployment, isRouted } from '../sources/config/managed-rule';
import { type ComplianceChange, compliantRefusal, deployedIn, readChange } from '../sources/config/read';
import { envelopeShape, type Scope } from '../sources/envelope';
import { check } from '../sources/shape';
import { quote } from '../untrusted-text';

type Known = Pick<Rule, 'id' | 'detectedBy' | 'resource'>;

export interface DispatchPorts extends Pick<Scope, 'partition'> {
  readonly rules: readonly Known[];
  readonly identification: Identification;
  /** Invokes the function of the rule asynchronously, with this event as it is. */
  readonly invoke: (rule: string, event: unknown) => Promise<void>;
}

/** What became of an event: the rules that got it, or why none did. `routed`: the function of the rule has it from EventBridge. */
export type Dispatched =
  | { readonly rules: readonly string[] }
  | { readonly routed: true }
  | { readonly none: string }
  | { readonly refusals: readonly Refusal[] };

/**
 * Gives a compliance change to the rules for the managed rule behind its Config rule, unless their own routes do. Throws if AWS Config can't be
 * asked or a function can't be invoked: the event is then delivered again, and kept in the end.
 */
export async function dispatch(event: unknown, ports: DispatchPorts): Promise<Dispatched> {
  const envelope = check(envelopeShape, event, 'event');
  if ('problem' in envelope) return { refusals: [{ kind: 'invalid', code: 'malformed-event', reason: envelope.problem }] };
  const change = readChange(envelope.value, ports);
  if ('refused' in change) return { refusals: change.refused.refusals };
  const compliant = compliantRefusal(change);
  if (compliant) return { refusals: compliant.refusals };

  const candidates = ports.rules.filter((rule) => isOfType(rule, change));
  const { configRuleName } = change.detail;
  // As AWS names it: the function of the rule finds out whether it is what it says.
  if (candidates.some(({ detectedBy }) => detectedBy.config.some((name) => isDeployment(name, configRuleName)))) return { routed: true };
  const known = [...new Set(candidates.flatMap(({ detectedBy }) => detectedBy.config))];
  if (known.length === 0) return { none: `No rule remediates a managed rule about ${quote(change.detail.resourceType)}.` };
  const found = await identify(deployedIn(change), known, ports.identification);
  if ('problem' in found) return { none: found.problem };

  const meant = candidates.filter(({ detectedBy }) => detectedBy.config.includes(found.managed));
  const left = meant.filter(({ detectedBy }) => !isRouted(detectedBy.config, configRuleName)).map(({ id }) => id);
  await Promise.all(left.map((rule) => ports.invoke(rule, event)));
  return left.length === 0 ? { routed: true } : { rules: left };
}

const isOfType = ({ resource }: Known, { detail }: ComplianceChange): boolean =>
  toArray(resource).some(({ type }) => type === detail.resourceType);
