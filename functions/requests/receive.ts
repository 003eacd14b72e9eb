import type { Rule } from '../../rules/rule';
import type { Finding, RefusalCode } from '../findings/finding';
import { requesterIn } from '../findings/requester';
import type { Subject } from '../log/event';
import type { Policy } from '../policy/policy';
import { beyondRequester } from '../policy/requester';
import { requestShape } from '../sources/custom/shape';
import { envelopeShape, type Scope } from '../sources/envelope';
import { readEvent } from '../sources/read-event';
import { check } from '../sources/shape';
import { quote } from '../untrusted-text';

type Known = Pick<Rule, 'id' | 'detectedBy' | 'resource'>;

export interface ReceivePorts extends Pick<Scope, 'partition'> {
  readonly rules: ReadonlyMap<string, Known>;
  /** Throws if it can't be read. */
  readonly policy: () => Promise<Pick<Policy, 'requesters'>>;
  /** Invokes the function of the rule asynchronously, with this event as it is. */
  readonly invoke: (rule: string, event: unknown) => Promise<void>;
}

/** Why a request is refused; stable, for software. */
export type RequestRefusalCode =
  | Extract<
      RefusalCode,
      | 'malformed-event'
      | 'unsupported-event'
      | 'contradictory-event'
      | 'invalid-resource-id'
      | 'other-rule'
      | 'unknown-requester'
      | 'beyond-requester'
    >
  | 'rule-not-found';

/** What a request says of itself, as far as it can be read. */
export interface About
  extends Partial<Pick<Subject, 'rule' | 'partition' | 'account' | 'region' | 'resource' | 'resourceType' | 'finding'>> {
  readonly requester?: string;
  readonly reference?: string;
}

/** A request that the function of its rule has got, or that is refused. */
export type Received =
  | { readonly rule: string; readonly requester: string; readonly reference: string }
  | { readonly code: RequestRefusalCode; readonly reason: string; readonly about: About };

/**
 * Gives a request to the function of its rule, if the policy lets its requester ask for that. Throws if the policy can't be read or the function
 * can't be invoked: the event is then delivered again, and kept in the end.
 */
export async function receive(event: unknown, { rules, policy, invoke, partition }: ReceivePorts): Promise<Received> {
  const envelope = check(envelopeShape, event, 'event');
  if ('problem' in envelope) return { code: 'malformed-event', reason: envelope.problem, about: {} };
  const requester = requesterIn(envelope.value.source);
  // The bus lets nobody else put events on it. It is not the only guard.
  if (requester === undefined) {
    const reason = `The source ${quote(envelope.value.source)} does not name a requester.`;
    return { code: 'unsupported-event', reason, about: {} };
  }
  const detail = check(requestShape, envelope.value.detail, 'detail');
  if ('problem' in detail) return { code: 'malformed-event', reason: detail.problem, about: { requester } };
  const { rule: id, reference } = detail.value;
  const rule = rules.get(id);
  const asked = { requester, reference };
  if (!rule)
    return { code: 'rule-not-found', reason: `No deployed rule has the id ${quote(id)}. \`posture rules\` lists them.`, about: asked };
  const { findings, refusals } = readEvent(rule, event, { ...(partition !== undefined && { partition }) });
  const [finding] = findings;
  if (!finding) {
    const [{ code, reason } = { code: 'malformed-event', reason: 'The event reports nothing.' }] = refusals;
    return { code: code as RequestRefusalCode, reason, about: { ...asked, rule: id } };
  }
  const { arn, account } = detail.value.resource;
  const beyond = beyondRequester(await policy(), { requester, rule: id, account, resource: arn });
  if (beyond) return { ...beyond, about: { ...asked, rule: id, ...subjectIn(finding, arn) } };
  await invoke(id, event);
  return { rule: id, requester, reference };
}

const subjectIn = ({ id, partition, account, region, resource }: Finding, arn: string): About => ({
  partition,
  account,
  region,
  finding: id,
  resource: arn,
  resourceType: resource.kind.type,
});
