import { dollarsOf, sumOf } from './prices';

const daysOfMonth = 365 / 12;

/** How many API calls a look takes at most on average, lists included: the live test of the sweep holds it to that. */
export const callsOfCheck = 5;

/** A call takes about 50 milliseconds, and two looks are made at a time. */
const secondsOfCheck = (callsOfCheck * 0.05) / 2;

/**
 * US dollars a month for so many checks (a rule looks at a resource) a day, in a function of 1 GB; a tenth of them is drift, for which the log is
 * queried. The hourly invocations, their lines and two metrics are in it; what the functions of the rules do is not.
 */
export const sweepDollars = (checksPerDay: number): number =>
  dollarsOf(
    sumOf(
      [{ lambdaGigabyteSecond: secondsOfCheck, readUnit: 0.2, writeUnit: 0.1 }, checksPerDay * daysOfMonth],
      [{ lambdaRequest: 1, lambdaGigabyteSecond: 1, readUnit: 1, logsGigabyte: 2e-6 }, 24 * daysOfMonth],
      [{ metric: 2 }, 1],
    ),
  );
