import { dollarsOf } from './prices';

/** Of Amazon SQS and AWS Secrets Manager, which only tickets use. Sources: aws.amazon.com/sqs/pricing, aws.amazon.com/secrets-manager/pricing. */
const [queueRequest, secret] = [0.4e-6, 0.4];

/** How many write units an outcome takes at most that opens a ticket: the test of the function holds it to that. */
export const writesOfOutcome = 24;

/** The tracker answers some requests, which Lambda waits for: seconds. */
const secondsOfOutcome = 1.5;

/** US dollars for so many outcomes that open, comment or close a ticket: one invocation of 512 MB each, and three requests to the queue. */
export const outcomeDollars = (outcomes: number): number =>
  outcomes *
  (dollarsOf({
    lambdaRequest: 1,
    lambdaGigabyteSecond: secondsOfOutcome / 2,
    writeUnit: writesOfOutcome,
    readUnit: 2,
    logsGigabyte: 1e-6,
  }) +
    3 * queueRequest);

const alarms = 3;
/** Lambda reads the queue with five connections, each of which waits for twenty seconds. */
const readsOfMonth = 5 * 3 * 60 * 24 * (365 / 12);

/** US dollars a month without any outcome. */
export const restDollars = (): number => secret + dollarsOf({ alarm: alarms }) + readsOfMonth * queueRequest;
