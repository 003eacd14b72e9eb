/** Counts what holds and what doesn't, and prints each with its seconds. */
export interface Checks {
  /** One thing that has to hold; the work goes on without it. */
  check(what: string, hold: () => Promise<void>): Promise<void>;
  /** A step without which nothing else can be checked. */
  step<Result>(what: string, work: () => Promise<Result>): Promise<Result>;
  readonly passed: number;
  readonly failed: number;
}

export function newChecks(print: (line: string) => void): Checks {
  const counts = { passed: 0, failed: 0 };
  const timed = async <Result>(what: string, mark: string, work: () => Promise<Result>): Promise<Result> => {
    const started = Date.now();
    const result = await work();
    print(`${mark} ${what}  ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return result;
  };
  return {
    async check(what, hold) {
      try {
        await timed(what, '  ✓', hold);
        counts.passed += 1;
      } catch (error) {
        counts.failed += 1;
        print(`  ✗ ${what}\n      ${textOf(error).replaceAll('\n', '\n      ')}`);
      }
    },
    async step(what, work) {
      try {
        return await timed(what, '  …', work);
      } catch (error) {
        throw new Error(`${what}: ${textOf(error)}`, { cause: error });
      }
    },
    get passed() {
      return counts.passed;
    },
    get failed() {
      return counts.failed;
    },
  };
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
