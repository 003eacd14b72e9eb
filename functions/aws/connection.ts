import { isAmendment } from '../../rules/amendment';
import type { Aws, AwsCommand, ClientClass, CommandClass, Place } from '../../rules/rule';
import { type Call, callOf, serviceIn } from './call';
import { recentlyUsed } from './recently-used';
import { refusalIn } from './refusal';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface ConnectionOptions {
  readonly region: string;
  /** If undefined, the SDK uses the credentials of the caller. */
  readonly credentials?: Credentials | (() => Promise<Credentials>);
  /** Called before each API call is sent. */
  readonly onCall?: (call: Call) => void;
}

interface Client {
  readonly config: { readonly protocol: { readonly options: { readonly defaultNamespace: string } } };
  send(command: AwsCommand<unknown>): Promise<unknown>;
  destroy(): void;
}

export interface Connection extends Aws {
  /** Closes the sockets when no call is in progress. A later call opens new ones and closes them afterwards. */
  close(): void;
}

/** Sends any command of the services of these clients; throttled calls are repeated at a rate that adapts. */
export function connect(clients: readonly ClientClass[], { onCall, ...options }: ConnectionOptions): Connection {
  const byService = new Map<string, Client>();
  let underWay = 0;
  let isClosed = false;
  for (const ClientOfService of clients) {
    const client = new ClientOfService({
      ...options,
      retryMode: 'adaptive',
      maxAttempts: 6,
      customUserAgent: 'posture-remediator',
    }) as unknown as Client;
    byService.set(serviceIn(client.config.protocol.options.defaultNamespace), client);
  }
  const connection: Connection = {
    async send<Output>(command: AwsCommand<Output>): Promise<Output> {
      const call = callOf(command as AwsCommand);
      const client = byService.get(call.service);
      if (!client) throw new Error(`No client for ${call.service}:${call.operation}. Add the client's class to the rule's \`clients\`.`);
      onCall?.(call);
      // A command keeps the middleware of its first sending, and some refuse it twice.
      const Command = command.constructor as CommandClass;
      const sent = new Command(command.input);
      if (isAmendment(sent)) sent.connection = connection;
      const answer = await counted(() => client.send(sent));
      const refusal = refusalIn(answer);
      if (refusal) throw refusal;
      return answer as Output;
    },
    close() {
      isClosed = true;
      destroyIdle();
    },
  };
  return connection;

  async function counted<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    underWay += 1;
    try {
      return await call();
    } finally {
      underWay -= 1;
      destroyIdle();
    }
  }

  function destroyIdle(): void {
    if (isClosed && underWay === 0) for (const client of byService.values()) client.destroy();
  }
}

/** The maximum number of connections to keep, one for each account and Region: each has the sockets of several services. */
const maxPlaces = 20;

/** One connection for each account and Region, kept while the function instance uses it. */
export function connections(
  clients: readonly ClientClass[],
  credentialsFor: (place: Place) => () => Promise<Credentials>,
): (place: Place) => Connection {
  const kept = recentlyUsed<Connection>(maxPlaces, (connection) => connection.close());
  return (place) => {
    const credentials = credentialsFor(place);
    // Requested now, in parallel with the lease; an error is reported by the first call.
    credentials().catch(() => undefined);
    const { partition, account, region } = place;
    return kept.get(`${partition} ${account} ${region}`, () => connect(clients, { region, credentials }));
  };
}
