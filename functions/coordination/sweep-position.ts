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
      const known = read(Item && valuesOf(Item));
      if (known && Date.parse(known.until) > now.getTime()) return 'held';
      if (known?.finished && now.getTime() + tolerance < Date.parse(known.began) + hours(period)) return 'not-due';
      const state = {
        ...(known && !known.finished ? continued(known) : begun(now)),
        holder: randomUUID(),
        until: new Date(now.getTime() + seconds(secondsLeft + 60)).toISOString(),
      };
      return (await isTaken(state, Item?.holder?.S)) ? 'held' : claimed(state);
    },
  };

  async function isTaken(state: Stored, before: string | undefined): Promise<boolean> {
    try {
      await put(state, before);
      return false;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return true;
      throw error;
    }
  }

  function claimed(first: Stored): ClaimedSweep {
    let state = first;
    const keep = async (change: Partial<Stored>): Promise<void> => {
      state = { ...state, ...change, interrupted: 0 };
      await put(state, state.holder);
    };
    return {
      began: new Date(first.began),
      after: first.after,
      interrupted: first.interrupted,
      save: (after) => keep({ after: [...after] }),
      release: () => keep({ until: '' }),
      finish: () => keep({ until: '', after: [], finished: true }),
    };
  }

  /** Throws a ConditionalCheckFailedException if another run has hold of it since. */
  async function put(state: Stored, holder: string | undefined): Promise<void> {
    const condition =
      holder === undefined
        ? { ConditionExpression: 'attribute_not_exists(holder)' }
        : { ConditionExpression: 'holder = :holder', ExpressionAttributeValues: { ':holder': { S: holder } } };
    const forget = { N: String(forgetAt(clock.now(), 60)) };
    await client.send(new PutItemCommand({ TableName: table, Item: { key: { S: keys.sweep }, ...marshall(state), forget }, ...condition }));
  }
}

const read = (item: unknown): Stored | undefined => stored.safeParse(item).data;

const begun = (now: Date) => ({ began: now.toISOString(), after: [], finished: false, interrupted: 0 });

const continued = ({ began, after, until, interrupted }: Stored) => ({
  ...{ began, after, finished: false },
  interrupted: until === '' ? 0 : interrupted + 1,
});
