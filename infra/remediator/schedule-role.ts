import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { names } from '../names';

export interface ScheduleRoleProps {
  /** The names of the role, and of the function that its schedules invoke. */
  readonly own: { readonly scheduleRole: string; readonly function: string };
  readonly undelivered: IQueue;
}

/** The role with which EventBridge Scheduler invokes one function, and no other, or sends the message to the dead-letter queue. */
export function scheduleRole(scope: Construct, { own, undelivered }: ScheduleRoleProps): Role {
  const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  return new Role(scope, 'ScheduleRole', {
    roleName: own.scheduleRole,
    description: `Assumed by the schedules that invoke ${own.function} again.`,
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
            resources: [`arn:${Aws.PARTITION}:lambda:${here}:function:${own.function}`],
          }),
          new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [undelivered.queueArn] }),
        ],
      }),
    },
  });
}
