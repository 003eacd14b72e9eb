import type { Rule } from '../../rules/rule';
import type { Finding, Reading, Refusal } from '../findings/finding';
import { requestDetailType, requesterIn, sourceOf } from '../findings/requester';
import { quote } from '../untrusted-text';
import { readAccessAnalyzer } from './access-analyzer/read';
import { readConfig } from './config/read';
import { readRequest } from './custom/read';
import { driftOrigins, eventTypeOf } from './drift/event';
import { readDrift } from './drift/read';
import { type Envelope, envelopeShape, type Scope } from './envelope';
import { readGuardDuty } from './guardduty/read';
import { readInspector } from './inspector/read';
import { readMacie } from './macie/read';
import { refuse } from './refuse';
import { readCustomAction, readImported } from './security-hub/read';
import { readImportedV2 } from './security-hub/v2/read';
import { check } from './shape';

type Sought = Pick<Rule, 'id' | 'detectedBy' | 'resource' | 'response'>;

type Adapter = (rule: Sought, envelope: Envelope, scope: Scope) => Reading;

const adapters: ReadonlyMap<string, Adapter> = new Map<string, Adapter>([
  ['aws.securityhub: Security Hub Findings - Imported', readImported],
  ['aws.securityhub: Security Hub Findings - Custom Action', readCustomAction],
  ['aws.securityhub: Findings Imported V2', readImportedV2],
  ['aws.config: Config Rules Compliance Change', readConfig],
  ['aws.guardduty: GuardDuty Finding', readGuardDuty],
  ['aws.macie: Macie Finding', readMacie],
  ['aws.access-analyzer: Access Analyzer Finding', readAccessAnalyzer],
  ['aws.inspector2: Inspector2 Finding', readInspector],
  ...driftOrigins.map((origin): [string, Adapter] => [
    eventTypeOf(origin),
    (rule, envelope, scope) => readDrift(origin, rule, envelope, scope),
  ]),
]);

/** The adapter of an event. Each requester has a source name of its own. */
const adapterOf = ({ source, 'detail-type': type }: Envelope): Adapter | undefined =>
  type === requestDetailType && requesterIn(source) !== undefined ? readRequest : adapters.get(`${source}: ${type}`);

const supported: readonly string[] = [...adapters.keys(), `${sourceOf('<requester>')}: ${requestDetailType}`];

/** The findings of an event that concern the rule, and why the rest is not acted on. Never throws, and makes no AWS calls. */
export function readEvent(rule: Sought, event: unknown, scope: Scope): Reading {
  try {
    const envelope = check(envelopeShape, event, 'event');
    if ('problem' in envelope) return refuse('ignored', 'malformed-event', envelope.problem);
    const adapter = adapterOf(envelope.value);
    if (!adapter) {
      const { source, 'detail-type': type } = envelope.value;
      const reason = `The event type ${quote(`${source}: ${type}`)} is not supported. Supported types: ${supported.map(quote).join(', ')}.`;
      return refuse('ignored', 'unsupported-event', reason);
    }
    return withoutDuplicates(adapter(rule, envelope.value, scope));
  } catch {
    // Not possible with JSON, only with an object that contains code, such as a getter that throws.
    return refuse('ignored', 'malformed-event', 'The event can not be read. It must be plain JSON.');
  }
}

/** One finding per misconfiguration: a resource that occurs twice in a Security Hub finding counts once, and a second finding of the same misconfiguration is refused. */
function withoutDuplicates({ findings, refusals }: Reading): Reading {
  const first = new Map<string, Finding>();
  const again: Refusal[] = [];
  for (const finding of findings) {
    const misconfiguration = JSON.stringify([
      finding.detectedBy,
      finding.account,
      finding.region,
      finding.resource.kind.type,
      finding.resource.reported,
    ]);
    const known = first.get(misconfiguration);
    if (!known) first.set(misconfiguration, finding);
    else if (known.id !== finding.id)
      again.push({
        kind: 'duplicate',
        code: 'duplicate',
        reason: `The finding ${quote(known.id)} of this event reports the same misconfiguration.`,
        findingId: finding.id,
      });
  }
  return { findings: [...first.values()], refusals: [...refusals, ...again] };
}
