import type { Aws, AwsCommand, ClientClass, CommandClass } from '../../rules/rule';
import { type Call, callOf, serviceIn } from './call';
import { refusalIn } from './refusal';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface ConnectionOptions {
  readonly region: string;
  /** Left out, the SDK finds the caller's own. */
  readonly credentials?: Credentials | (() => Promise<Credentials>);
  /** Told of each call before it is sent. */
  readonly onCall?: (call: Call) => void;
}

interface Client {
  readonly config: { readonly protocol: { readonly options: { readonly defaultNamespace: string } } };
  send(command: AwsCommand<unknown>): Promise<unknown>;
}

/** Sends any command of the services of these clients; throttled calls are repeated at a rate that adapts. */
export function connect(clients: readonly ClientClass[], { onCall, ...options }: ConnectionOptions): Aws {
  const byService = new Map<string, Client>();
  for (const ClientOfService of clients) {
    const client = new ClientOfService({
      ...options,
      retryMode: 'adaptive',
      maxAttempts: 6,
      customUserAgent: 'posture-remediator',
    }) as unknown as Client;
    byService.set(serviceIn(client.config.protocol.options.defaultNamespace), client);
  }
  return {
    async send<Output>(command: AwsCommand<Output>): Promise<Output> {
      const call = callOf(command as AwsCommand);
      const client = byService.get(call.service);
      if (!client) throw new Error(`No client for ${call.service}:${call.operation}. Add the client's class to the rule's \`clients\`.`);
      onCall?.(call);
      // A command keeps the middleware of its first sending, and some refuse it twice.
      const Command = command.constructor as CommandClass;
      const answer = await client.send(new Command(command.input));
      const refusal = refusalIn(answer);
      if (refusal) throw refusal;
      return answer as Output;
    },
  };
}
