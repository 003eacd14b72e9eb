import { type CfnResource, NestedStack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type RemediatorProps, remediator } from './remediator';

/** CloudFormation takes 500 resources a stack, and a rule is seven, and two more for each further route. */
const maxRules = 64;

/**
 * The rules of one service: a stack holds no more than so many, and this way one service's does not grow with another's. They come once what they
 * use without naming it is there: an event may arrive as soon as there is a route.
 */
export function serviceStack(
  parent: Construct,
  service: string,
  remediators: readonly RemediatorProps[],
  uses: readonly CfnResource[],
): NestedStack {
  if (remediators.length > maxRules) {
    throw new Error(
      `The service ${service} has ${remediators.length} rules, and its stack holds ${maxRules}. Give some of them a folder of their own.`,
    );
  }
  const stack = new NestedStack(parent, service, { description: `Posture remediator: the rules for ${service}.` });
  for (const resource of uses) stack.nestedStackResource?.addResourceDependency(resource);
  for (const props of remediators) remediator(stack, props);
  return stack;
}
