import * as z from 'zod';
import { callNames, type RecordedCalls } from '../../../rules/recorded-calls';
import { type Place, type ResourceKind, type Rule, toArray } from '../../../rules/rule';
import type { Finding, Refusal } from '../../findings/finding';
import { reportedAs } from '../../findings/reported';
import { quote } from '../../untrusted-text';
import { contradiction } from '../contradiction';
import type { Envelope, Scope } from '../envelope';
import { kindOf, refuse } from '../refuse';
import { accountId, check, record, reference, region } from '../shape';
import { recordedCall } from './event-type';
import { textsAt } from './texts-at';
import { isChangeOfOthers, recordOf } from './trail-record';

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const recordShape = record({
  eventSource: reference,
  eventName: reference,
  awsRegion: region,
  recipientAccountId: accountId,
  requestParameters: z.unknown(),
  responseElements: z.unknown(),
});

type Known = Pick<Rule, 'id' | 'resource' | 'changedBy'>;

/** A resource that a call has changed, as the record names it, and the rules that are to look at it. */
export interface ChangedResource extends Pick<Finding, 'resource' | keyof Place> {
  readonly rules: readonly string[];
}

/** The resources that a recorded call has changed; or why nobody has to look at any. */
export type Changed =
  | {
      readonly call: string;
      /** The name and the time of the call, as CloudTrail recorded them. */
      readonly change: { readonly call: string; readonly at: string };
      readonly resources: readonly ChangedResource[];
    }
  | { readonly refusals: readonly Refusal[] };

/** Reads an event of CloudTrail. It only says where to look: whether anything is wrong there, the rules find out. */
export function readChanged(rules: readonly Known[], envelope: Envelope, { partition = 'aws' }: Pick<Scope, 'partition'>): Changed {
  const call = callIn(envelope);
  if ('refusals' in call) return call;
  const name = `${call.service}:${call.eventName}`;
  const { resources, refusals } = resourcesOf(rules, call, { partition, account: envelope.account, region: envelope.region });
  if (resources.length > 0) return { call: name, change: { call: call.eventName, at: call.at }, resources };
  if (refusals.length > 0) return { refusals };
  return refuse('ignored', 'unsupported-event', `No rule looks at a resource after ${quote(name)}, or the record names none.`);
}

/** The call of somebody else that changed something; or why it is none. */
function callIn(envelope: Envelope): Call | { readonly refusals: readonly Refusal[] } {
  if (envelope['detail-type'] !== recordedCall)
    return refuse('invalid', 'unsupported-event', `The event type is ${quote(envelope['detail-type'])}, not ${recordedCall}.`);
  const parsed = check(recordShape, envelope.detail, 'detail');
  if ('problem' in parsed) return refuse('invalid', 'malformed-event', parsed.problem);
  const said = recordOf(envelope.detail);
  if (!said) return refuse('invalid', 'malformed-event', 'detail does not tell who made the call.');
  const { eventSource, eventName, awsRegion, recipientAccountId: account } = parsed.value;
  const service = /^([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(eventSource)?.[1];
  const contradicts = contradiction([
    ['source', envelope.source, `aws.${service}`],
    ['detail.awsRegion', awsRegion, envelope.region],
    ['detail.recipientAccountId', account, envelope.account],
  ]);
  if (contradicts !== undefined) return refuse('invalid', 'contradictory-event', contradicts);
  if (isChangeOfOthers(said, account))
    return { service, eventName, at: new Date(said.eventTime).toISOString(), detail: parsed.value, account };
  return refuse('ignored', 'own-update', `${service}:${eventName} failed, reads only, or was made by a rule of the app.`);
}

function resourcesOf(rules: readonly Known[], call: Call, place: Place) {
  const found = new Map<string, ChangedResource>();
  const refusals = new Map<string, Refusal>();
  for (const { rule, kind, id, at } of rules.flatMap((one) => namedBy(one, call))) {
    const reported = reportedAs(kind, place, id, at);
    if ('problem' in reported) {
      refusals.set(reported.problem, { kind: kindOf(reported.code), code: reported.code, reason: reported.problem });
      continue;
    }
    const key = `${kind.type} ${kind.scope} ${id}`;
    found.set(key, { ...place, resource: { kind, reported }, rules: [...new Set([...(found.get(key)?.rules ?? []), rule])] });
  }
  return { resources: [...found.values()], refusals: [...refusals.values()] };
}

interface Call {
  readonly service: string | undefined;
  readonly eventName: string;
  /** ISO 8601. */
  readonly at: string;
  readonly detail: object;
  readonly account: string;
}

interface Named {
  readonly rule: string;
  readonly kind: ResourceKind;
  readonly id: string;
  /** The path in the event. */
  readonly at: string;
}

/** What the record of a call names, of the resource types of a rule. */
function namedBy({ id: rule, resource, changedBy }: Known, call: Call): readonly Named[] {
  const kinds = toArray(resource);
  const [account] = kinds.filter(isOfAccount);
  const ofAccount = changedBy && account && isOneOf(changedBy, call) ? [{ rule, kind: account, id: call.account, at: 'detail' }] : [];
  return [
    ...ofAccount,
    ...kinds.flatMap((kind) => {
      if (!kind.changedBy || !isOneOf(kind.changedBy, call)) return [];
      return pathsOf(kind.changedBy, call.eventName).flatMap((path) =>
        textsAt(call.detail, path).map((id) => ({ rule, kind, id, at: `detail.${path}` })),
      );
    }),
  ];
}

const isOneOf = (calls: RecordedCalls, { service, eventName }: Call): boolean =>
  calls.service === service && callNames(calls).includes(eventName);

const pathsOf = ({ calls }: RecordedCalls, name: string): readonly string[] =>
  Object.entries(calls).flatMap(([path, names]) => (names.includes(name) ? [path] : []));

const isOfAccount = ({ arn }: ResourceKind): boolean => arn.startsWith('AWS::::Account:');
