import { denied, type Fault, throttled } from './error';
import type { Operation } from './operation';

/** How a call goes wrong; `drop-answer` is done by AWS, but the caller never hears of it. `conflict`: a transaction of DynamoDB has the item. */
export type Mishap =
  | 'throttle'
  | 'conflict'
  | 'unavailable'
  | 'internal'
  | 'access-denied'
  | 'reset'
  | 'drop-answer'
  | { readonly delay: number };

export interface PlannedFault {
  /** As in `Call`; left out: any. */
  readonly service?: string;
  readonly operation?: string;
  /** Left out: any. */
  readonly account?: string;
  readonly region?: string;
  /** How many calls it meets; 1 if left out, Infinity for all. */
  readonly times?: number;
  /** The first call it meets, counted from 1 among those that match. */
  readonly when?: number;
  readonly as: Mishap;
}

export interface FaultHandle {
  /** How many calls it has met. */
  readonly met: number;
  cancel(): void;
}

export interface FaultPlan {
  fail(fault: PlannedFault): FaultHandle;
  /** What befalls this call. */
  mishapOf(operation: Operation, place: { readonly account: string; readonly region: string }): Mishap | undefined;
}

/** Keeps the faults that are to befall calls: of several that match one call, the first that was planned. */
export const planFaults = (): FaultPlan => {
  const planned = new Set<{ readonly fault: PlannedFault; seen: number; met: number }>();
  return {
    fail(fault) {
      const entry = { fault, seen: 0, met: 0 };
      planned.add(entry);
      return {
        get met() {
          return entry.met;
        },
        cancel: () => void planned.delete(entry),
      };
    },
    mishapOf({ service, name }, { account, region }) {
      let mishap: Mishap | undefined;
      for (const entry of planned) {
        const { fault } = entry;
        const asked = { service, operation: name, account, region };
        if ((['service', 'operation', 'account', 'region'] as const).some((key) => fault[key] !== undefined && fault[key] !== asked[key]))
          continue;
        entry.seen += 1;
        if (mishap !== undefined || entry.seen < (fault.when ?? 1) || entry.met >= (fault.times ?? 1)) continue;
        entry.met += 1;
        mishap = fault.as;
      }
      return mishap;
    },
  };
};

/** The error that a mishap answers with, if it answers at all. */
export const faultOf = (mishap: Mishap, { protocol, service, name }: Operation): Fault | undefined => {
  switch (mishap) {
    case 'throttle':
      return throttled(protocol);
    case 'conflict':
      return { status: 400, code: 'TransactionConflictException', message: 'Transaction is ongoing for the item' };
    case 'unavailable':
      return {
        status: 503,
        code: protocol === 'ec2' ? 'Unavailable' : 'ServiceUnavailable',
        message: 'The service is unavailable. Please try again.',
      };
    case 'internal':
      return {
        status: 500,
        code: protocol === 'rest-xml' || protocol === 'ec2' ? 'InternalError' : 'InternalFailure',
        message: 'An internal error has occurred',
      };
    case 'access-denied':
      return denied(protocol, `You are not authorized to perform: ${service}:${name}`);
    default:
      return undefined;
  }
};
