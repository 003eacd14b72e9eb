import { Aws, CfnCondition, CfnParameter, Fn, Stack, Validations } from 'aws-cdk-lib';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

const condition = 'HasTracing';

/**
 * X-Ray tracing of the function, if the stack's parameter asks for it: a trace costs as much as the rest of a small invocation. Never in China,
 * where Lambda does not support it. Otherwise, the function only passes a trace header through.
 */
export function trace(lambda: LambdaFunction): void {
  const stack = Stack.of(lambda);
  if (!stack.node.tryFindChild(condition)) {
    const isSupported = Fn.conditionNot(Fn.conditionEquals(Aws.PARTITION, 'aws-cn'));
    const isActive = Fn.conditionEquals(parameterOf(stack).valueAsString, 'active');
    new CfnCondition(stack, condition, { expression: Fn.conditionAnd(isSupported, isActive) });
  }
  const mode = Fn.conditionIf(condition, 'Active', 'PassThrough').toString();
  (lambda.node.defaultChild as CfnFunction).tracingConfig = { mode };
}

function parameterOf(stack: Stack): CfnParameter {
  const root = stack.nestedStackParent ?? stack;
  const made = root.node.tryFindChild('Tracing') as CfnParameter | undefined;
  return (
    made ??
    new CfnParameter(root, 'Tracing', {
      default: 'off',
      allowedValues: ['off', 'active'],
      description: 'active: X-Ray records a trace of each invocation, for $5 a million.',
    })
  );
}

/** Acknowledges the wildcard that tracing requires for cdk-nag. */
export function acknowledgeTracing(role: IConstruct): void {
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'X-Ray does not support resource-level permissions for these actions.',
  });
}
