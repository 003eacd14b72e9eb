import { type Fault, faults, isPossible } from './faults';
import { type Step, steps } from './step';

/** How often each fault struck in each step. */
export class Matrix {
  private readonly hits = new Map<string, number>();

  add(step: Step, fault: Fault): void {
    this.hits.set(`${step} ${fault}`, this.of(step, fault) + 1);
  }

  of(step: Step, fault: Fault): number {
    return this.hits.get(`${step} ${fault}`) ?? 0;
  }

  /** The cells with fewer hits, of those that are possible. */
  below(least: number): readonly string[] {
    return steps.flatMap((step) =>
      faults.flatMap((fault) =>
        isPossible(step, fault) && this.of(step, fault) < least ? [`${step} × ${fault}: ${this.of(step, fault)}`] : [],
      ),
    );
  }

  /** A table, with `·` for a fault that a step cannot have. */
  text(): string {
    const width = Math.max(...steps.map(({ length }) => length));
    const head = `${' '.repeat(width)} ${faults.join(' ')}`;
    const rows = steps.map((step) => {
      const cells = faults.map((fault) => (isPossible(step, fault) ? String(this.of(step, fault)) : '·').padStart(fault.length));
      return `${step.padEnd(width)} ${cells.join(' ')}`;
    });
    return [head, ...rows].join('\n');
  }
}
