interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Time that passes only from one event to the next. Everything that is ready at an event runs before the next one, so that a run is the same each time. */
export class VirtualTime {
  private readonly heap: Due[] = [];
  private orders = 0;
  private failure: Error | undefined;

  constructor(public now: number) {}

  at(time: number, run: () => void): void {
    this.orders += 1;
    push(this.heap, { at: Math.max(time, this.now), order: this.orders, run });
  }

  after(milliseconds: number, run: () => void): void {
    this.at(this.now + milliseconds, run);
  }

  /** Ends the run: it would prove nothing. */
  fail(error: Error): void {
    this.failure = error;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** Goes on until nothing is due up to that time. */
  async runUntil(end: number): Promise<void> {
    for (let next = this.heap[0]; next && next.at <= end; next = this.heap[0]) {
      pop(this.heap);
      this.now = next.at;
      next.run();
      await everythingReady();
      if (this.failure) throw this.failure;
    }
    this.now = Math.max(this.now, end);
  }

  /** Goes on until the promise is settled. */
  async runThrough<Result>(promise: Promise<Result>): Promise<Result> {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    promise.then(settle, settle);
    await everythingReady();
    while (!isSettled) {
      const next = this.heap[0];
      if (!next) throw new Error('Nothing is due any more, and something is still waited for.');
      await this.runUntil(next.at);
    }
    return promise;
  }
}

/** Promises run before the next turn of the event loop. */
const everythingReady = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Due[], due: Due): void {
  let index = heap.length;
  heap.push(due);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Due;
    if (!isBefore(due, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = due;
}

function pop(heap: Due[]): void {
  const last = heap.pop() as Due;
  if (heap.length === 0) return;
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    const child = left + 1 < heap.length && isBefore(heap[left + 1] as Due, heap[left] as Due) ? left + 1 : left;
    if (child >= heap.length || !isBefore(heap[child] as Due, last)) break;
    heap[index] = heap[child] as Due;
    index = child;
  }
  heap[index] = last;
}
