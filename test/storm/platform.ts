import { resourceIn } from './finding-event';
import type { VirtualTime } from './virtual-time';
import { type Worker, workers } from './worker';

interface Context {
  readonly functionName: string;
  readonly invokedFunctionArn: string;
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
}

type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** A function as it is deployed. */
export interface Deployed {
  readonly name: string;
  /** The id of the rule, or `control`. */
  readonly writer: string;
  readonly arn: string;
  readonly seconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** A new process of it. */
  start(): Handler;
}

export interface Message {
  readonly function: string;
  readonly event: unknown;
  /** How often Lambda tried. */
  tries: number;
}

interface Counts {
  invocations: number;
  killed: number;
  timedOut: number;
  failed: number;
}

/** Milliseconds before the second and the third try of an asynchronous invocation, as Lambda waits. */
const pauses = [60_000, 120_000];
const maxConcurrent = 40;

/** Lambda: asynchronous invocations are tried three times, and kept in a dead-letter queue after that. A process is used again unless it crashed. */
export class Platform {
  readonly counts: Counts = { invocations: 0, killed: 0, timedOut: 0, failed: 0 };
  readonly deadLetters: Message[] = [];
  readonly running = new Set<Worker>();
  /** Messages that wait for a worker, or for their next try. */
  readonly pending = new Set<Message>();
  onEnd: (worker: Worker, how: string) => void = () => {};
  private readonly idle = new Map<string, Handler[]>();
  private readonly queue: Message[] = [];
  private last = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly functions: ReadonlyMap<string, Deployed>,
    private readonly rollbackOf: (event: unknown) => string | undefined,
  ) {}

  /** By its name or ARN, without a qualifier. */
  find(name: string): Deployed | undefined {
    return this.functions.get(name.startsWith('arn:') ? (name.split(':')[6] ?? '') : (name.split(':')[0] ?? ''));
  }

  deliver(name: string, event: unknown, delay = 0): void {
    const found = this.find(name);
    if (!found) throw new Error(`There is no function ${name}.`);
    this.enqueue({ function: found.name, event: structuredClone(event), tries: 0 }, delay);
  }

  redrive(): void {
    for (const message of this.deadLetters.splice(0)) this.enqueue({ ...message, tries: 0 }, 0);
  }

  /** Invokes a function and waits for its answer; throws what it throws. */
  invoke(name: string, event: unknown, qualifier?: string): Promise<unknown> {
    const found = this.find(name);
    if (!found) throw new Error(`There is no function ${name}.`);
    return new Promise((resolve, reject) => this.start(found, event, { qualifier, resolve, reject }));
  }

  private enqueue(message: Message, delay: number): void {
    this.pending.add(message);
    this.time.after(delay, () => {
      this.queue.push(message);
      this.startNext();
    });
  }

  private startNext(): void {
    while (this.running.size < maxConcurrent) {
      const message = this.queue.shift();
      if (!message) return;
      const found = this.functions.get(message.function) as Deployed;
      message.tries += 1;
      this.start(found, message.event, {
        resolve: () => this.pending.delete(message),
        reject: () => this.tryAgain(message),
      });
    }
  }

  private tryAgain(message: Message): void {
    const pause = pauses[message.tries - 1];
    if (pause !== undefined) {
      this.enqueue(message, pause);
      return;
    }
    this.pending.delete(message);
    this.deadLetters.push(message);
  }

  private start(
    found: Deployed,
    event: unknown,
    {
      qualifier,
      resolve,
      reject,
    }: { qualifier?: string | undefined; resolve: (answer: unknown) => void; reject: (error: unknown) => void },
  ): void {
    this.counts.invocations += 1;
    this.last += 1;
    Object.assign(process.env, found.environment);
    const handler = this.idle.get(found.name)?.pop() ?? found.start();
    const deadline = this.time.now + found.seconds * 1000;
    const end = (how: string, isCrash: boolean): void => {
      if (!worker.isAlive) return;
      worker.isAlive = false;
      this.running.delete(worker);
      if (!isCrash) this.idle.set(found.name, [...(this.idle.get(found.name) ?? []), handler].slice(-5));
      this.onEnd(worker, how);
      this.startNext();
    };
    const crash = (why: string): void => {
      if (!worker.isAlive) return;
      end(why, true);
      reject(new Error(why));
    };
    const worker = newWorker({
      id: this.last,
      writer: found.writer,
      event,
      rollback: this.rollbackOf(event),
      now: this.time.now,
      deadline,
    });
    worker.kill = (why) => {
      this.counts.killed += 1;
      crash(why);
    };
    this.running.add(worker);
    this.time.at(deadline, () => {
      if (!worker.isAlive) return;
      this.counts.timedOut += 1;
      crash('timed out');
    });
    const context: Context = {
      functionName: found.name,
      invokedFunctionArn: qualifier === undefined ? found.arn : `${found.arn}:${qualifier}`,
      awsRequestId: `request-${this.last}`,
      getRemainingTimeInMillis: () => Math.max(0, deadline - this.time.now),
    };
    workers
      .run(worker, () => handler(structuredClone(event), context))
      .then(
        (answer) => {
          if (!worker.isAlive) return;
          end('ended', false);
          resolve(answer);
        },
        (error: unknown) => {
          if (!worker.isAlive) return;
          this.counts.failed += 1;
          end(`failed: ${error instanceof Error ? error.message : String(error)}`, false);
          reject(error);
        },
      );
  }
}

interface Begun {
  readonly id: number;
  readonly writer: string;
  readonly event: unknown;
  /** The resource whose fix is taken back. */
  readonly rollback: string | undefined;
  readonly now: number;
  readonly deadline: number;
}

const newWorker = ({ id, writer, event, rollback, now, deadline }: Begun): Worker => ({
  id,
  writer,
  event,
  resource: resourceIn(event) ?? rollback,
  startedAt: now,
  deadline,
  isAlive: true,
  isRollback: rollback !== undefined,
  calls: [],
  step: undefined,
  hasIntent: false,
  hasChanged: false,
  outage: undefined,
  kill: () => {},
});
