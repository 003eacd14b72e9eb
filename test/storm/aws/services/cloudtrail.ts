import { AwsError } from '../error';
import type { Service } from '../request';

interface Recorded {
  readonly at: number;
  readonly names: readonly string[];
  readonly type: string;
  readonly source: string;
  readonly event: string;
}

/** Milliseconds until the event history shows a change. */
const delay = 5 * 60_000;

export interface CloudTrail {
  readonly service: Service;
  record(
    names: readonly string[],
    change: {
      readonly name: string;
      readonly type: string;
      readonly source: string;
      readonly at: number;
      readonly arn: string;
      readonly userAgent: string;
    },
  ): void;
}

/** The history of events, of a resource or the latest of all, for two lookups a second in an account and Region. */
export function cloudTrail(): CloudTrail {
  const history = new Map<string, Recorded[]>();
  const all: Recorded[] = [];
  /** By account and Region, the lookups of the current second. */
  const lookups = new Map<string, { readonly second: number; readonly made: number }>();
  return {
    record(names, { name, type, source, at, arn, userAgent }) {
      const event = JSON.stringify({
        eventName: name,
        eventTime: new Date(at).toISOString(),
        readOnly: false,
        userAgent,
        userIdentity: { type: 'AssumedRole', arn },
      });
      const recorded = { at, names, type, source, event };
      all.push(recorded);
      for (const one of names) history.set(one, [...(history.get(one) ?? []), recorded]);
    },
    service: {
      LookupEvents({ input, account, region, now }) {
        const place = `${account} ${region}`;
        const second = Math.floor(now / 1000);
        const last = lookups.get(place);
        const made = last?.second === second ? last.made + 1 : 1;
        lookups.set(place, { second, made });
        if (made > 2) throw new AwsError('ThrottlingException', 'Rate exceeded', 400);
        const [{ AttributeKey, AttributeValue }] = input.LookupAttributes;
        const recorded = AttributeKey === 'ReadOnly' ? all : (history.get(AttributeValue) ?? []);
        const known = newest(recorded, now - delay, input.MaxResults ?? 50);
        const Events = known.map(({ names, type, source, event }) => ({
          CloudTrailEvent: event,
          EventSource: source,
          Resources: names.map((ResourceName) => ({ ResourceName, ResourceType: type })),
        }));
        return { Events };
      },
    },
  };
}

/** The newest that happened by that time, the newest first. */
function newest(recorded: readonly Recorded[], by: number, max: number): readonly Recorded[] {
  const end = recorded.findLastIndex(({ at }) => at <= by) + 1;
  return recorded.slice(Math.max(0, end - max), end).reverse();
}
