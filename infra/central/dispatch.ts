import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Rule } from '../../rules/rule';
import { lambdaFunction } from '../function';
import { dispatchRoute, ownNames } from '../names';
import { dispatchPatterns } from '../route/dispatch-pattern';
import { routeToFunction } from '../route/to-function';
import { inMembers } from './members';
import { acknowledgeReader, type ReaderProps, readerEnvironment, readerStatements } from './reader';

const name = 'dispatch';

/** The dispatcher: it gives compliance changes of Config rules under other than AWS's names to the functions of the rules. */
export function dispatch(parent: Construct, rules: readonly Rule[], props: ReaderProps): void {
  const scope = new Construct(parent, 'Dispatch');
  const own = ownNames(name);
  const { lambda, role } = lambdaFunction(scope, {
    name: own.function,
    description: 'Gives compliance changes of Config rules of any name to the functions of the rules.',
    code: props.bundle.folder,
    memorySize: 256,
    timeout: 60,
    role: {
      name: own.functionRole,
      description: 'Execution role of the function that dispatches compliance changes.',
      statements: readerStatements(name, props, inMembers(Stack.of(scope), props.members)),
    },
    environment: () => readerEnvironment(name, props),
    failures: { queue: props.deadLetters.failed, qualifier: '$LATEST', maxAge: 6 * 3600 },
  });
  acknowledgeReader(role, name);
  for (const [index, eventPattern] of dispatchPatterns(rules).entries()) {
    const number = index === 0 ? '' : index + 1;
    routeToFunction(scope, `Route${number}`, {
      name: dispatchRoute(index),
      description: 'Routes compliance changes of Config rules of any name to the dispatcher.',
      eventPattern,
      target: lambda,
      undelivered: props.deadLetters.undelivered,
      maxAge: 6 * 3600,
      maxRetries: 60,
    });
  }
}
