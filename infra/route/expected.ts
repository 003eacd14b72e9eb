import { Lazy, type Stack } from 'aws-cdk-lib';
import { CfnEventBus, CfnRule } from 'aws-cdk-lib/aws-events';
import type { CatalogueEntry } from '../../functions/catalogue/catalogue';
import { type ExpectedRoute, hashOf } from '../../functions/control/routes/expected';
import { namesOf, routeNameOf } from '../names';
import { eventPatterns } from './event-pattern';

/** The routes of the rules, as the templates deploy them. */
export const routesOf = (entries: readonly CatalogueEntry[]): readonly ExpectedRoute[] =>
  entries.flatMap(({ rule }) =>
    eventPatterns(rule).map((pattern, index) => ({
      name: routeNameOf(rule.id, index),
      state: 'ENABLED' as const,
      matches: hashOf(pattern),
      target: `function:${namesOf(rule.id).function}`,
    })),
  );

/** The other routes, which are in this stack itself, as the JSON of a setting. They are collected when all are made. */
export const ownRoutesOf = (stack: Stack): string =>
  Lazy.string({
    produce: () =>
      stack.toJsonString(
        stack.node
          .findAll()
          .filter((one): one is CfnRule => one instanceof CfnRule && one.stack === stack)
          .map((route) => ownRoute(stack, route)),
      ),
  });

/** Of the bus that a reference names: all have names of their own. */
function busNameOf(stack: Stack, reference: string): string {
  const text = JSON.stringify(stack.resolve(reference));
  const bus = stack.node.findAll().find((one) => one instanceof CfnEventBus && text.includes(`"${stack.getLogicalId(one)}"`));
  if (!(bus instanceof CfnEventBus)) throw new Error(`No bus of the stack is ${text}. Give the route the name of one of its buses.`);
  return bus.name;
}

function ownRoute(stack: Stack, { name = '', eventBusName, state, eventPattern, scheduleExpression, targets }: CfnRule): object {
  const matched: unknown = stack.resolve(eventPattern ?? scheduleExpression);
  const [target] = stack.resolve(targets) as readonly { readonly id: string }[];
  return {
    name,
    ...(eventBusName !== undefined && { bus: busNameOf(stack, eventBusName) }),
    state: state ?? 'ENABLED',
    // What CloudFormation completes can't be hashed before.
    matches: JSON.stringify(matched).match(/"(Ref|Fn::\w+)"/) ? eventPattern : hashOf(matched),
    target: target?.id === 'queue' ? 'posture-*' : 'function:posture-*',
  };
}
