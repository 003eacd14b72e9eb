import { Aws, CfnCondition, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { logIndexes } from '../../functions/log/indexes';
import type { ReconcileEnvironment } from '../../functions/reconcile/environment';
import { lambdaFunction } from '../function';
import { ownNames } from '../names';
import { routeToFunction } from '../route/to-function';
import { allow } from '../statement';
import { acknowledgeReader, type ReaderProps, readerEnvironment, readerStatements } from './reader';

const name = 'reconcile';

/** The daily comparison of what Security Hub and AWS Config report with the log. It is not the dispatcher: that must not read the log. */
export function reconcile(parent: Construct, props: ReaderProps): void {
  const scope = new Construct(parent, 'Reconcile');
  const own = ownNames(name);
  const stack = Stack.of(parent);
  const max = new CfnParameter(stack, 'ReconcileFindings', {
    default: '100',
    allowedPattern: '^(0|[1-9][0-9]{0,3})$',
    constraintDescription: 'has to be a number from 0 to 9999',
    description: 'The maximum number of open findings without a record in the log that are fed in each day. 0: no reconciliation.',
  });
  const isOn = new CfnCondition(stack, 'Reconciles', {
    expression: Fn.conditionNot(Fn.conditionEquals(max.valueAsString, '0')),
  });
  const { lambda, role } = lambdaFunction(scope, {
    name: own.function,
    description: 'Compares open findings and noncompliant resources with the log, and feeds in what was not received.',
    code: props.bundle.folder,
    timeout: 900,
    role: {
      name: own.functionRole,
      description: 'Execution role of the function that compares open findings with the log.',
      statements: [
        allow(['dynamodb:Query'], `${props.log.tableArn}/index/${logIndexes.finding}`),
        ...readerStatements(name, props, { 'aws:ResourceAccount': Aws.ACCOUNT_ID }),
      ],
    },
    environment: (): Record<Exclude<keyof ReconcileEnvironment, 'AWS_REGION'>, string> => ({
      ...readerEnvironment(name, props),
      LOG_TABLE: props.log.tableName,
      CENTRAL_PARTITION: Aws.PARTITION,
      CENTRAL_ACCOUNT: Aws.ACCOUNT_ID,
      MAX_FINDINGS: max.valueAsString,
    }),
    failures: { queue: props.deadLetters.failed, qualifier: '$LATEST', maxAge: 6 * 3600 },
  });
  acknowledgeReader(role, name);
  routeToFunction(scope, 'Route', {
    name: own.route,
    description: 'Has open findings compared with the log, once a day.',
    scheduleExpression: 'cron(40 3 * * ? *)',
    state: Fn.conditionIf(isOn.logicalId, 'ENABLED', 'DISABLED').toString(),
    target: lambda,
    undelivered: props.deadLetters.undelivered,
    maxAge: 6 * 3600,
    maxRetries: 20,
  });
}
