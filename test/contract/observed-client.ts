import { type Call, callOf } from '../../functions/aws/call';
import type { AwsCommand, ClientClass } from '../../rules/rule';

type Send = (args: unknown) => Promise<unknown>;

interface Observable {
  readonly middlewareStack: {
    add(middleware: (next: Send, context: Context) => Send, options: { readonly step: 'initialize'; readonly name: string }): void;
  };
}

/** What the SDK hands to a middleware. */
interface Context {
  readonly __smithy_context: { readonly commandInstance: AwsCommand };
}

/** The class of a client that tells of each call as AWS gets it: also of those that a command makes by itself when it is sent. */
export const observedClient = (Client: ClientClass, onCall: (call: Call) => void): ClientClass =>
  new Proxy(Client, {
    construct(target, configuration, newTarget) {
      const client = Reflect.construct(target, configuration, newTarget) as InstanceType<ClientClass> & Observable;
      client.middlewareStack.add(
        (next, context) => (args) => {
          const command = context.__smithy_context.commandInstance;
          // What a command makes by itself is never logged, and may hold what is no JSON, such as a date.
          onCall(callOf({ ...command, input: JSON.parse(JSON.stringify(command.input)) } as AwsCommand));
          return next(args);
        },
        { step: 'initialize', name: 'observed' },
      );
      return client;
    },
  });
