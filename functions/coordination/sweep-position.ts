import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { valuesOf } from '../aws/values-of';
import type { Clock } from '../clock';
import { hours, minutes, seconds } from '../duration';
import { forgetAt, keys } from './keys';

/** What a sweep has behind it, in the order of the text: an account, a Region of it, a rule there, a resource of that; or only the first of these. */
export type Position = readonly string[];

/** A run that goes on with the sweep. */
export interface ClaimedSweep {
  /** When the sweep began, by the run that began it. */
  readonly began: Date;
  /** Nothing is behind a sweep that has just begun. */
  readonly after: Position;
  /** How many runs before this one ended without a word at this very position. */
  readonly interrupted: number;
  save(after: Position): Promise<void>;
  /** The next run goes on. */
  release(): Promise<void>;
  /** The next run begins anew, when it is time. */
  finish(): Promise<void>;
}

/** The position of the sweep, of which one run at a time has hold. */
export interface SweepPositions {
  /** `secondsLeft`: of this run. `hours`: from the beginning of a sweep to that of the next one. */
  claim(options: { readonly secondsLeft: number; readonly hours: number }): Promise<ClaimedSweep | 'held' | 'not-due'>;
}

const stored = z.object({
  began: z.iso.datetime(),
  after: z.array(z.string().max(2048)).max(4),
  finished: z.boolean(),
  holder: z.string(),
  /** Until when the holder may be at work, ISO 8601; '' if it is not. */
  until: z.string(),
  interrupted: z.int().min(0),
});
type Stored = z.infer<typeof stored>;

/** Schedules are not exact to the second. */
const tolerance = minutes(10);

/** In the item `sweep` of the coordination table, which only the role of the sweep may write. What can't be read begins anew: nothing is lost by it. */
export function dynamoSweepPositions(client: DynamoDBClient, table: string, clock: Clock): SweepPositions {
  return {
    async claim({ secondsLeft, hours: period }) {
      const now = clock.now();
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: { key: { S: keys.sweep } }, ConsistentRead: true }));
      const holder = Item?.holder?.S;
      const read = stored.safeParse(Item && valuesOf(Item));
      const known = read.success ? read.data : undefined;
      if (known && Date.parse(known.until) > now.getTime()) return 'held';
      if (known?.finished && now.getTime() + tolerance < Date.parse(known.began) + hours(period)) return 'not-due';
      const isOpen = known && !known.finished;
      let state: Stored = {
        began: isOpen ? known.began : now.toISOString(),
        after: isOpen ? known.after : [],
        finished: false,
        holder: randomUUID(),
        until: new Date(now.getTime() + seconds(secondsLeft + 60)).toISOString(),
        interrupted: isOpen && known.until !== '' ? known.interrupted + 1 : 0,
      };
      try {
        await put(state, holder);
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'held';
        throw error;
      }
      const keep = async (change: Partial<Stored>): Promise<void> => {
        state = { ...state, ...change };
        await put(state, state.holder);
      };
      return {
        began: new Date(state.began),
        after: state.after,
        interrupted: state.interrupted,
        save: (after) => keep({ after: [...after], interrupted: 0 }),
        release: () => keep({ until: '', interrupted: 0 }),
        finish: () => keep({ until: '', interrupted: 0, after: [], finished: true }),
      };
    },
  };

  /** Throws a ConditionalCheckFailedException if another run has hold of it since. */
  async function put(state: Stored, holder: string | undefined): Promise<void> {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: { key: { S: keys.sweep }, ...marshall(state), forget: { N: String(forgetAt(clock.now(), 60)) } },
        ...(holder === undefined
          ? { ConditionExpression: 'attribute_not_exists(holder)' }
          : { ConditionExpression: 'holder = :holder', ExpressionAttributeValues: { ':holder': { S: holder } } }),
      }),
    );
  }
}
