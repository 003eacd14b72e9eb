import { type Environment, type EnvironmentOptions, type Invocation, startEnvironment } from './lambda/environment';

export interface LambdaOptions extends EnvironmentOptions {
  /** How many events it handles at a time, each in a process of its own; more have to wait. 10 if left out. */
  readonly concurrency?: number;
  /** By which it is invoked: part of the ARN that Lambda tells the function. */
  readonly alias?: string;
}

export interface LambdaFunction {
  readonly arn: string;
  /** Hands an event to a warm process if one is idle, else to a new one. */
  invoke(event: unknown): Promise<Invocation>;
  /** The lines that the function has written, in order. */
  readonly logs: readonly string[];
  stop(): Promise<void>;
}

/** Hosts a bundled handler as AWS Lambda does: its own process, its own environment variables, real timeouts and crashes. */
export const startLambda = (options: LambdaOptions): LambdaFunction => {
  const { account, region, name, alias, concurrency = 10 } = options;
  const arn = `arn:aws:lambda:${region}:${account}:function:${name}${alias === undefined ? '' : `:${alias}`}`;
  const logs: string[] = [];
  const idle: Environment[] = [];
  const all = new Set<Environment>();
  const waiting: (() => void)[] = [];
  let busy = 0;
  let stopped = false;

  const turn = async () => {
    if (busy >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    busy += 1;
  };

  const take = async (): Promise<{ environment: Environment; cold: boolean }> => {
    for (let warm = idle.pop(); warm !== undefined; warm = idle.pop()) {
      if (warm.alive) return { environment: warm, cold: false };
      all.delete(warm);
    }
    const environment = await startEnvironment(options, arn, (line) => logs.push(line));
    all.add(environment);
    return { environment, cold: true };
  };

  return {
    arn,
    logs,
    async invoke(event) {
      if (stopped) throw new Error(`The function ${name} has been stopped: start it again to invoke it.`);
      await turn();
      try {
        const { environment, cold } = await take();
        const invocation = await environment.invoke(event, cold);
        if (environment.alive) idle.push(environment);
        else all.delete(environment);
        return invocation;
      } finally {
        busy -= 1;
        waiting.shift()?.();
      }
    },
    async stop() {
      stopped = true;
      await Promise.all([...all].map((environment) => environment.stop()));
    },
  };
};
