import { type Fault, throttled } from '../error';
import type { Operation } from '../operation';
import { publishedQuotas, type Quota } from './published';

/** What is left of a quota: it fills up evenly. */
interface Bucket {
  requests: number;
  /** Milliseconds of a clock that no test stops. */
  at: number;
}

/** Refuses calls beyond the published quotas. Its time is real, as the SDK's pauses are. */
export const enforceQuotas = (now: () => number = () => performance.now()) => {
  const buckets = new Map<string, Bucket>();

  /** Whether the quota lets another request pass, which it then counts. */
  const take = (key: string, { perSecond, burst = perSecond }: Quota): boolean => {
    const at = now();
    const bucket = buckets.get(key) ?? { requests: burst, at };
    const requests = Math.min(burst, bucket.requests + ((at - bucket.at) / 1000) * perSecond);
    const passes = requests >= 1;
    buckets.set(key, { requests: passes ? requests - 1 : requests, at });
    return passes;
  };

  return {
    /** How the service refuses the call; undefined if it is within the quota. */
    refusalOf({ service, name, protocol }: Operation, { account, region }: { readonly account: string; readonly region: string }) {
      const index = publishedQuotas.findIndex((quota) => quota.service === service && quota.operations.test(name));
      const quota = publishedQuotas[index];
      if (!quota || take(`${account} ${region} ${index} ${quota.each ? name : ''}`, quota)) return undefined;
      return { ...throttled(protocol), ...quota.refusal } satisfies Fault;
    },
    /** Fills all quotas up. */
    clear: () => buckets.clear(),
  };
};
