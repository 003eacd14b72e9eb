import type { Rule } from '../../rules/rule';
import type { Finding, Reading, Refusal } from '../findings/finding';
import { quote } from '../untrusted-text';
import { readConfig } from './config/read';
import { type Envelope, envelopeShape, type Scope } from './envelope';
import { refuse } from './refuse';
import { readCustomAction, readImported } from './security-hub/read';
import { check } from './shape';

type Adapter = (rule: Pick<Rule, 'detectedBy' | 'resource'>, envelope: Envelope, scope: Scope) => Reading;

const adapters: ReadonlyMap<string, Adapter> = new Map([
  ['aws.securityhub: Security Hub Findings - Imported', readImported],
  ['aws.securityhub: Security Hub Findings - Custom Action', readCustomAction],
  ['aws.config: Config Rules Compliance Change', readConfig],
]);

/** What an event reports that is this rule's business, and why the rest is not acted upon. Never throws, and asks AWS nothing. */
export function readEvent(rule: Pick<Rule, 'detectedBy' | 'resource'>, event: unknown, scope: Scope): Reading {
  try {
    const envelope = check(envelopeShape, event, 'event');
    if ('problem' in envelope) return refuse('invalid', envelope.problem);
    const sort = `${envelope.value.source}: ${envelope.value['detail-type']}`;
    const adapter = adapters.get(sort);
    if (!adapter)
      return refuse('invalid', `The event is ${quote(sort)}, and has to be one of ${[...adapters.keys()].map(quote).join(', ')}.`);
    return withoutDuplicates(adapter(rule, envelope.value, scope));
  } catch {
    // JSON can't do that: only an object with code in it, such as a getter that throws.
    return refuse('invalid', 'The event resists being read, and has to be plain JSON.');
  }
}

/** One finding a fault: a resource twice in one Security Hub finding is one, and a second finding of the same fault is refused. */
function withoutDuplicates({ findings, refusals }: Reading): Reading {
  const first = new Map<string, Finding>();
  const again: Refusal[] = [];
  for (const finding of findings) {
    const fault = JSON.stringify([
      finding.detectedBy,
      finding.account,
      finding.region,
      finding.resource.kind.type,
      finding.resource.reported,
    ]);
    const known = first.get(fault);
    if (!known) first.set(fault, finding);
    else if (known.id !== finding.id)
      again.push({ kind: 'duplicate', reason: `The same fault as the finding ${quote(known.id)} of this event.`, findingId: finding.id });
  }
  return { findings: [...first.values()], refusals: [...refusals, ...again] };
}
