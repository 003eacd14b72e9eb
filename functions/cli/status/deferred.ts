import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { eachOf } from '../../concurrency';
import { days } from '../../duration';
import { queryLog } from '../../log/query';
import type { DeployedTables } from '../central/deployed-tables';

/** What is deferred now: its last event says so. */
export interface Deferred {
  readonly count: number;
  /** When the first one is retried; ISO 8601. */
  readonly next?: string;
  /** There are more than were looked at. */
  readonly isMore: boolean;
}

/** How many remediations are looked at, the last deferred first. */
const max = 30;
const atOnce = 10;

/** What is deferred for longer has been reported, and deferred, again. */
const period = days(8);

export async function deferredNow({ dynamo, log }: DeployedTables, now: Date): Promise<Deferred> {
  const since = new Date(now.getTime() - period).toISOString();
  const { entries, next } = await queryLog(dynamo, log, { outcome: 'deferred', since }, { limit: 500, perPage: 500 });
  const trails = [...new Set(entries.filter(({ by, forged }) => by === 'rule' && forged === undefined).map(({ trail }) => trail))];
  const ends = await eachOf(trails.slice(0, max), atOnce, lastOf);
  const deferred = ends.filter(({ outcome }) => outcome === 'deferred');
  const [first] = deferred.map(({ until }) => until).toSorted();
  return { count: deferred.length, ...(first && { next: first }), isMore: trails.length > max || next !== undefined };

  async function lastOf(trail: string): Promise<{ readonly outcome: string; readonly until: string }> {
    const { Items: [last] = [] } = await dynamo.send(
      new QueryCommand({
        TableName: log,
        KeyConditionExpression: 'trail = :trail',
        ExpressionAttributeValues: { ':trail': { S: trail } },
        ScanIndexForward: false,
        Limit: 1,
      }),
    );
    return { outcome: last?.outcome?.S ?? '', until: last?.until?.S ?? '' };
  }
}
