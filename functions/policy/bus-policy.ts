import { requestDetailType, sourceOf } from '../findings/requester';
import type { Policy } from './policy';

/** A statement of the resource policy of the bus for requests. */
export interface BusStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: '*' | { readonly AWS: readonly string[] };
  readonly Action: 'events:PutEvents';
  readonly Resource: string;
  readonly Condition: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** EventBridge: "The permission policy on the event bus cannot exceed 10 KB in size" (PutPermission). */
export const maxBusPolicy = 10_240;

/**
 * The ids of the statement that binds a source name to the principals of its requester, and of the one that denies it to everybody else: letters
 * and digits, as IAM asks for. Names have no capitals, so two names never have one id.
 */
export function sidsOf(requester: string): { readonly allow: string; readonly deny: string } {
  const name = requester.replaceAll('-', 'Dash');
  return { allow: `Requester${name}`, deny: `OthersThan${name}` };
}

/**
 * Who may put which events on the bus for requests. An event names no caller, so its source name stands for the requester. Principals of the
 * account of the bus need no permission here: their own policies allow them what this one does not deny.
 *
 * The Service Authorization Reference has `events:source` and `events:detail-type` as sets of values, so the conditions say whether all or any of
 * them are meant.
 * `events:eventBusInvocation` is true for what an EventBridge rule forwards: its source name is anybody's who can put events on the other bus.
 */
export function busStatements({ requesters }: Pick<Policy, 'requesters'>, bus: string): readonly BusStatement[] {
  const names = Object.keys(requesters).toSorted();
  const of = (Sid: string, Effect: BusStatement['Effect'], Condition: BusStatement['Condition']): BusStatement => ({
    Sid,
    Effect,
    Principal: '*',
    Action: 'events:PutEvents',
    Resource: bus,
    Condition,
  });
  const bound = names.flatMap((name) => {
    const principals = (requesters[name]?.principals ?? []).toSorted();
    const sids = sidsOf(name);
    return [
      {
        ...of(sids.allow, 'Allow', {
          'ForAllValues:StringEquals': { 'events:source': sourceOf(name), 'events:detail-type': requestDetailType },
          // The condition above is also met by a call that names none.
          Null: { 'events:source': 'false', 'events:detail-type': 'false' },
        }),
        Principal: { AWS: principals },
      },
      of(sids.deny, 'Deny', { 'ForAnyValue:StringEquals': { 'events:source': sourceOf(name) }, ...noneOf(principals) }),
    ];
  });
  return [
    ...bound,
    of('OnlyRequesters', 'Deny', { 'ForAnyValue:StringNotEquals': { 'events:source': names.map(sourceOf) } }),
    of('OnlyRequests', 'Deny', { 'ForAnyValue:StringNotEquals': { 'events:detail-type': requestDetailType } }),
    of('OnlyDirectly', 'Deny', { StringEquals: { 'events:eventBusInvocation': 'true' } }),
  ];
}

/** For a session of a role, `aws:PrincipalArn` is the ARN of the role. */
function noneOf(principals: readonly string[]): BusStatement['Condition'] {
  const accounts = principals.flatMap((arn) => accountIn(arn) ?? []);
  const others = principals.filter((arn) => accountIn(arn) === undefined);
  return {
    ...(others.length > 0 && { ArnNotEquals: { 'aws:PrincipalArn': others } }),
    ...(accounts.length > 0 && { StringNotEquals: { 'aws:PrincipalAccount': accounts } }),
  };
}

/** The account, if the principal is a whole account. */
export const accountIn = (principal: string): string | undefined => /^arn:[^:]+:iam::(\d{12}):root$/.exec(principal)?.[1];
