import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { names, namesOf } from '../names';

/** The role with which EventBridge Scheduler invokes the function of a rule, and no other, or sends the message to the dead-letter queue. */
export function scheduleRole(scope: Construct, rule: string, undelivered: IQueue): Role {
  const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  return new Role(scope, 'ScheduleRole', {
    roleName: namesOf(rule).scheduleRole,
    description: `Assumed by the schedules that invoke ${namesOf(rule).function} again.`,
    // Scheduler names only the schedule group as the source, not the schedule.
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        ArnEquals: { 'aws:SourceArn': `arn:${Aws.PARTITION}:scheduler:${here}:schedule-group/${names.scheduleGroup}` },
      },
    }),
    inlinePolicies: {
      invoke: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['lambda:InvokeFunction'],
            // By name, because the environment of the function refers to this role.
            resources: [`arn:${Aws.PARTITION}:lambda:${here}:function:${namesOf(rule).function}`],
          }),
          new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [undelivered.queueArn] }),
        ],
      }),
    },
  });
}
