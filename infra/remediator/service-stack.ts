import { type CfnResource, NestedStack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type RemediatorProps, remediator } from './remediator';

/** CloudFormation allows 500 resources in a stack. A rule has seven, and two for each further route. */
const maxRules = 64;

/**
 * The rules of one service in a stack of their own, because of the resource limit of a stack. It depends on the resources that the functions
 * use without a reference, because events may arrive as soon as there is a route.
 */
export function serviceStack(
  parent: Construct,
  service: string,
  remediators: readonly RemediatorProps[],
  uses: readonly CfnResource[],
): NestedStack {
  if (remediators.length > maxRules) {
    throw new Error(
      `The service ${service} has ${remediators.length} rules. The maximum for its stack is ${maxRules}. Move some of them to another folder.`,
    );
  }
  const stack = new NestedStack(parent, service, { description: `Posture remediator: rules for ${service}.` });
  for (const resource of uses) stack.nestedStackResource?.addResourceDependency(resource);
  for (const props of remediators) remediator(stack, props);
  return stack;
}
