import { Aws, CfnCondition, Fn, Stack, Validations } from 'aws-cdk-lib';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

const condition = 'HasTracing';

/** Enables X-Ray tracing for the function; in China, where Lambda does not support it, only passes the trace header through. */
export function trace(lambda: LambdaFunction): void {
  const stack = Stack.of(lambda);
  if (!stack.node.tryFindChild(condition))
    new CfnCondition(stack, condition, { expression: Fn.conditionNot(Fn.conditionEquals(Aws.PARTITION, 'aws-cn')) });
  const mode = Fn.conditionIf(condition, 'Active', 'PassThrough').toString();
  (lambda.node.defaultChild as CfnFunction).tracingConfig = { mode };
}

/** Acknowledges the wildcard that tracing requires for cdk-nag. */
export function acknowledgeTracing(role: IConstruct): void {
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'X-Ray does not support resource-level permissions for these actions.',
  });
}
