import type { Place } from '../../rules/rule';
import { isErrorLike } from '../aws/error';
import type { Look } from './look';

/** How many parts that could not be looked at are named in the log; all are counted. */
const maxNamed = 50;

/** An account in a Region is left alone after so many looks, if more than this part of them failed. */
const minLooks = 20;
const maxErrors = 0.1;

/** What a run of the sweep came to. */
export interface Counts {
  /** How many times a rule looked at a resource. */
  readonly checks: number;
  /** The results of these, by their names. */
  readonly results: Readonly<Partial<Record<Look['status'], number>>>;
  /** Drift that the log has already. */
  readonly known: number;
  readonly handedOn: number;
  /** The number of accounts, rules and resources that could not be looked at, or not be handed on: what is in them is unknown. */
  readonly notSwept: number;
  /** The first of these, and why. */
  readonly unread: readonly string[];
}

/** Counts what a run does, and says when to leave an account in a Region alone. */
export interface Tally {
  readonly counts: Counts;
  look(place: Place, status: Look['status']): void;
  known(): void;
  handedOn(): void;
  /** A list or a look that failed. */
  failed(place: Place, what: string, error: unknown): void;
  undelivered(what: string, error: unknown): void;
  leftOut(reason: string): void;
  /** Whether so many calls failed that more of them would do harm, or no good. */
  isLeft(place: Place): boolean;
}

export function newTally(describe: (error: unknown) => string): Tally {
  const counts = { checks: 0, known: 0, handedOn: 0, notSwept: 0 };
  const results: Partial<Record<Look['status'], number>> = {};
  const unread: string[] = [];
  const places = new Map<string, { looks: number; errors: number; isLeft: boolean }>();
  return {
    get counts() {
      return { ...counts, results: { ...results }, unread: [...unread] };
    },
    look(place, status) {
      counts.checks += 1;
      results[status] = (results[status] ?? 0) + 1;
      count(place, 0);
    },
    known() {
      counts.known += 1;
    },
    handedOn() {
      counts.handedOn += 1;
    },
    failed(place, what, error) {
      leaveOut(`${what}: ${describe(error)}`);
      count(place, isMissing(error) ? 0 : 1);
    },
    undelivered: (what, error) => leaveOut(`${what}: not handed on: ${describe(error)}`),
    leftOut: leaveOut,
    isLeft: (place) => at(place).isLeft,
  };

  function at({ account, region }: Place) {
    const key = `${account}, ${region}`;
    const tally = places.get(key) ?? { looks: 0, errors: 0, isLeft: false };
    places.set(key, tally);
    return tally;
  }

  function count(place: Place, errors: 0 | 1): void {
    const tally = at(place);
    tally.looks += 1;
    tally.errors += errors;
    if (tally.isLeft || tally.looks < minLooks || tally.errors <= tally.looks * maxErrors) return;
    tally.isLeft = true;
    leaveOut(`${place.account}, ${place.region}: ${tally.errors} of ${tally.looks} looks failed, so the rest of it is left out`);
  }

  function leaveOut(reason: string): void {
    counts.notSwept += 1;
    if (unread.length < maxNamed) unread.push(reason);
  }
}

/** The service has no endpoint in the Region: asking for its resources harms nobody. */
const isMissing = (error: unknown): boolean => isErrorLike(error) && (error.code === 'ENOTFOUND' || /\bENOTFOUND\b/.test(error.message));
