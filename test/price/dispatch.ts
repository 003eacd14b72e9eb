import { dollarsOf, sumOf, type Units } from './prices';

const daysOfMonth = 365 / 12;

/** A change that a warm dispatcher gives on: its question to AWS Config is free, its memory 256 MB, and it writes one line besides those of Lambda. */
const change: Units = { lambdaRequest: 1, lambdaGigabyteSecond: 0.05 * 0.25, logsGigabyte: 700 / 1e9 };

/** US dollars a month for so many compliance changes a day, if none has a name that AWS gives. The functions of the rules are not in it. */
export const dispatchDollars = (changesPerDay: number): number => dollarsOf(sumOf([change, changesPerDay * daysOfMonth]));

/** US dollars a month for a daily comparison of so many open findings, each with a query of the log of two read units, at 50 a second. */
export const reconcileDollars = (openFindings: number): number =>
  dollarsOf(
    sumOf(
      [{ readUnit: 2, lambdaGigabyteSecond: 0.02 * 0.5 }, openFindings * daysOfMonth],
      [{ lambdaRequest: 1, logsGigabyte: 1e-6 }, daysOfMonth],
    ),
  );
