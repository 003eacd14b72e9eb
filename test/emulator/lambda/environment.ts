import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { AccountCredentials } from '../account';
import { type HandlerError, type Report, startRuntimeApi } from './runtime-api';

export interface EnvironmentOptions {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** The folder with the bundle, as in the asset of the function. */
  readonly code: string;
  /** File without its extension, and export: `index.handler`. */
  readonly handler: string;
  /** Of the function's role. */
  readonly credentials: AccountCredentials;
  /** URL of the gateway. */
  readonly endpoint: string;
  /** 3 if left out, as with AWS. */
  readonly timeoutSeconds?: number;
  /** In megabytes; 128 if left out. */
  readonly memory?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** How an event ended: by a result, a thrown error, the timeout, or the end of the process. */
type Result =
  | { readonly result: unknown }
  | { readonly error: HandlerError }
  | { readonly timedOut: { readonly seconds: number } }
  | { readonly crashed: { readonly code: number | null; readonly signal: string | null } };

/** `cold`: a process was started for it. Milliseconds without that start. */
export type Invocation = Result & { readonly cold: boolean; readonly milliseconds: number };

/** One process of a function: it handles one event at a time. */
export interface Environment {
  readonly alive: boolean;
  invoke(event: unknown, cold: boolean): Promise<Invocation>;
  stop(): Promise<void>;
}

/** Lambda gives a function as long to load. */
const initSeconds = 10;

const preload = path.resolve(__dirname, '../localhost.cjs');

const variables = (options: EnvironmentOptions, runtimeApi: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL: options.endpoint,
  ...options.environment,
  NODE_OPTIONS: [`--require=${JSON.stringify(preload)}`, options.environment?.NODE_OPTIONS ?? ''].join(' ').trim(),
  _HANDLER: options.handler,
  LAMBDA_TASK_ROOT: path.resolve(options.code),
  AWS_LAMBDA_RUNTIME_API: runtimeApi,
  AWS_LAMBDA_FUNCTION_NAME: options.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(options.memory ?? 128),
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${options.name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: `emulator/[$LATEST]${randomUUID().replaceAll('-', '')}`,
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
  AWS_REGION: options.region,
  AWS_DEFAULT_REGION: options.region,
  AWS_ACCESS_KEY_ID: options.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: options.credentials.secretAccessKey,
  AWS_SESSION_TOKEN: options.credentials.sessionToken,
});

const readLines = (child: ChildProcess, log: (line: string) => void) => {
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) createInterface({ input: stream }).on('line', log);
};

/** Lines that were written before a report can be read after it. */
const written = async () => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** Starts a process with the handler loaded, as Lambda does before the first event. */
export const startEnvironment = async (options: EnvironmentOptions, arn: string, log: (line: string) => void): Promise<Environment> => {
  let alive = true;
  let end: (result: Report | Result) => void = () => {};
  let ready: () => void = () => {};
  const ended = () => new Promise<Report | Result>((resolve) => (end = resolve));
  const loaded = new Promise<'loaded'>((resolve) => (ready = () => resolve('loaded')));
  const notLoaded = ended();

  const api = await startRuntimeApi({ onReady: () => ready(), onReport: (report) => end(report) });
  const child = spawn(process.execPath, [path.join(__dirname, 'bootstrap.cjs')], {
    cwd: options.code,
    env: variables(options, api.address),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  readLines(child, log);

  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const notFound = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      log(error.message);
      end({ crashed: { code: null, signal: null } });
      resolve();
    });
    child.once('close', (code, signal) => {
      alive = false;
      process.removeListener('exit', kill);
      end({ crashed: { code, signal } });
      resolve();
    });
  });
  const stop = async () => {
    alive = false;
    kill();
    await notFound;
    await api.stop();
  };

  /** The first to come; a process that is late, dead or dying is done away with. */
  const first = async (outcome: Promise<Report | Result | 'loaded'>, seconds: number): Promise<Result | 'loaded'> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Result>((resolve) => {
      timer = setTimeout(() => resolve({ timedOut: { seconds } }), seconds * 1000);
    });
    const came = await Promise.race([outcome, late]);
    clearTimeout(timer);
    await written();
    if (came === 'loaded' || 'result' in came) return came;
    if (!('fatal' in came) || came.fatal) await stop();
    return 'error' in came ? { error: came.error } : came;
  };

  const start = await first(Promise.race([loaded, notLoaded]), initSeconds);

  return {
    get alive() {
      return alive;
    },
    async invoke(event, cold) {
      if (start !== 'loaded') return { ...start, cold, milliseconds: 0 };
      const { timeoutSeconds = 3 } = options;
      const started = performance.now();
      const result = ended();
      api.deliver({ id: randomUUID(), arn, event, deadline: Date.now() + timeoutSeconds * 1000 });
      const came = await first(result, timeoutSeconds);
      if (came === 'loaded') throw new Error('A runtime loads its handler but once.');
      return { ...came, cold, milliseconds: performance.now() - started };
    },
    stop,
  };
};
