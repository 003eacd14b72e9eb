import { Aws } from 'aws-cdk-lib';
import { CompositePrincipal, Effect, type IPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { scheduleNames } from '../functions/aws/schedule';
import { functionArn, roleArn } from './arn';
import { names } from './names';
import { allow } from './statement';

/** The schedules with which a function invokes itself again. EventBridge Scheduler assumes the function's own role for them. */
export interface OwnSchedules {
  readonly prefix: string;
  /** Gets the messages that EventBridge Scheduler could not deliver. */
  readonly undelivered: IQueue;
}

/** Lambda, and EventBridge Scheduler for schedules of our group in this account. */
export const lambdaAndScheduler = (): IPrincipal =>
  new CompositePrincipal(
    new ServicePrincipal('lambda.amazonaws.com'),
    new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        // Scheduler names only the schedule group as the source, not the schedule.
        ArnEquals: { 'aws:SourceArn': `arn:${Aws.PARTITION}:scheduler:${here}:schedule-group/${names.scheduleGroup}` },
      },
    }),
  );

/** What the function needs to create a schedule, and EventBridge Scheduler to deliver it. By name, because the role can't refer to itself or to the function. */
export const schedulesItself = (
  own: { readonly function: string; readonly role: string },
  { prefix, undelivered }: OwnSchedules,
): readonly PolicyStatement[] => [
  allow(['scheduler:CreateSchedule'], `arn:${Aws.PARTITION}:scheduler:${here}:schedule/${names.scheduleGroup}/${scheduleNames(prefix)}`),
  allow(['iam:PassRole'], roleArn(own.role), { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } }),
  allow(['lambda:InvokeFunction'], functionArn(own.function)),
  allow(['sqs:SendMessage'], undelivered.queueArn),
];

/** Denies the code of the function elsewhere what EventBridge Scheduler does with its role: Lambda names the sessions of the code after the function. */
export const onlyByScheduler = (name: string, { undelivered }: OwnSchedules, elsewhere: object): PolicyStatement =>
  new PolicyStatement({
    sid: 'OnlyByScheduler',
    effect: Effect.DENY,
    actions: ['lambda:InvokeFunction', 'sqs:SendMessage'],
    resources: [functionArn(name), undelivered.queueArn],
    conditions: { ...elsewhere, StringLike: { 'aws:userid': `*:${name}` } },
  });

const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
