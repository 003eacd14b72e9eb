import { Client } from '@smithy/core/client';
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { exceptionOf } from './exception';
import { type Worker, workers } from './worker';

interface SdkClient {
  readonly config: {
    readonly protocol: { readonly options: { readonly defaultNamespace: string } };
    readonly region: () => Promise<string>;
    readonly maxAttempts: () => Promise<number>;
    readonly credentials: () => Promise<{ readonly accessKeyId: string }>;
  };
}

/** What a client sends. */
export interface Sent {
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  readonly region: string;
  /** The access key, of a call into a member account. */
  readonly accessKeyId: string | undefined;
}

export interface Wire {
  /** Whether an operation is called with a member role. */
  isWithRole(service: string, operation: string): boolean;
  send(sent: Sent, worker: Worker): Promise<object>;
  sleep(milliseconds: number, worker: Worker): Promise<void>;
  random(): number;
}

/** Lets every client of the SDK send over this wire for as long as a worker runs. The retries are those of the SDK. Returns what ends it. */
export function replaceWire(wire: Wire): () => void {
  const prototype = Client.prototype as unknown as { send: (command: unknown) => Promise<unknown> };
  const original = prototype.send;
  prototype.send = function send(this: SdkClient, command: unknown): Promise<unknown> {
    const worker = workers.getStore();
    if (!worker) return original.call(this, command);
    return sendWithRetries(wire, worker, this, command as { readonly input: object; readonly schema: readonly unknown[] });
  };
  return () => {
    prototype.send = original;
  };
}

async function sendWithRetries(
  wire: Wire,
  worker: Worker,
  { config }: SdkClient,
  { input, schema }: { readonly input: object; readonly schema: readonly unknown[] },
): Promise<object> {
  const service = String(schema[1]).replace(/^.*\./, '');
  const operation = String(schema[2]);
  const { region, attempts } = await settingsOf(config);
  const accessKeyId = wire.isWithRole(service, operation) ? (await config.credentials()).accessKeyId : undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await wire.send({ service, operation, input: serialized(input) as object, region, accessKeyId }, worker);
      // The items of a table are never changed in place, and need no copy.
      return {
        ...((service === 'dynamodb' ? answer : serialized(answer)) as object),
        $metadata: { httpStatusCode: 200, attempts: attempt },
      };
    } catch (error) {
      const exception = exceptionOf(service, error);
      if (attempt >= attempts || !isRetryable(exception)) throw exception;
      const base = isThrottlingError(exception as never) ? 500 : 100;
      await wire.sleep(wire.random() * Math.min(20_000, base * 2 ** attempt), worker);
    }
  }
}

const settings = new WeakMap<SdkClient['config'], Promise<{ readonly region: string; readonly attempts: number }>>();

/** Read once of each client: it is slow. */
function settingsOf(config: SdkClient['config']): Promise<{ readonly region: string; readonly attempts: number }> {
  const known = settings.get(config);
  if (known !== undefined) return known;
  const reading = (async () => ({ region: await config.region(), attempts: await config.maxAttempts() }))();
  settings.set(config, reading);
  return reading;
}

const isRetryable = (error: Error): boolean =>
  isThrottlingError(error as never) || isTransientError(error as never) || isServerError(error as never);

/** A copy as it would come over the wire: without undefined, and shared with nobody. */
function serialized(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(serialized);
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const item = (value as Readonly<Record<string, unknown>>)[name];
    if (item !== undefined) copy[name] = serialized(item);
  }
  return copy;
}
