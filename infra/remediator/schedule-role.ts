import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { names, namesOf } from '../names';

/** The role with which EventBridge Scheduler invokes a rule's function again, and no other, or puts down that it could not. */
export function scheduleRole(scope: Construct, rule: string, undelivered: IQueue): Role {
  const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  return new Role(scope, 'ScheduleRole', {
    roleName: namesOf(rule).scheduleRole,
    description: `Of the schedules by which the rule ${rule} looks again.`,
    // The group is what Scheduler names as the source; it does not name the single schedule.
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
            // By its name: the function names this role in its environment, so neither could come first.
            resources: [`arn:${Aws.PARTITION}:lambda:${here}:function:${namesOf(rule).function}`],
          }),
          new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [undelivered.queueArn] }),
        ],
      }),
    },
  });
}
