import { type CfnResource, NestedStack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type RemediatorProps, remediator } from './remediator';

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
  const stack = new NestedStack(parent, service, {
    description: `Posture remediator: rules for ${service}.`,
    // A third of the template would be white space.
    suppressTemplateIndentation: true,
  });
  for (const resource of uses) stack.nestedStackResource?.addResourceDependency(resource);
  for (const props of remediators) remediator(stack, props);
  return stack;
}
