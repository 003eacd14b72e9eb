import { Aws, CfnCondition, Fn, Stack, Validations } from 'aws-cdk-lib';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

const condition = 'HasTracing';

/** Has X-Ray trace the function; in China, where Lambda does not work with X-Ray, only what calls it may. */
export function trace(lambda: LambdaFunction): void {
  const stack = Stack.of(lambda);
  if (!stack.node.tryFindChild(condition))
    new CfnCondition(stack, condition, { expression: Fn.conditionNot(Fn.conditionEquals(Aws.PARTITION, 'aws-cn')) });
  const mode = Fn.conditionIf(condition, 'Active', 'PassThrough').toString();
  (lambda.node.defaultChild as CfnFunction).tracingConfig = { mode };
}

/** Lets the check of the stacks pass over the one wildcard that tracing needs. */
export function acknowledgeTracing(role: IConstruct): void {
  Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: 'X-Ray has no resources to name.' });
}
