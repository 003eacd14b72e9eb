import type { Call } from './call';
import { rawEvent } from './raw-log';
import { tables } from './tables';
import type { Watch } from './watch';
import type { Worker } from './worker';

/** What happened, by resource, for whoever has to find out why a check failed. */
export class Trace {
  private readonly lines = new Map<string, Lines>();

  call({ id, writer, resource }: Worker, call: Call, { step, now, what }: { step: string | undefined; now: number; what: string }): void {
    this.line(call.resource ?? resource, now, `#${id} ${writer} [${step ?? '-'}] ${call.service}:${call.operation} ${what}`);
  }

  add({ id, writer, resource }: Worker, now: number, what: string): void {
    this.line(resource, now, `#${id} ${writer} ${what}`);
  }

  line(resource: string | undefined, now: number, text: string): void {
    const key = resource ?? '';
    const lines = this.lines.get(key) ?? new Lines();
    this.lines.set(key, lines);
    lines.add(`${new Date(now).toISOString().slice(5, 23)} ${text}`);
  }

  /** Shows what is logged, too. */
  events(): Watch {
    return {
      onWrite: ({ table, after }, { now }) => {
        if (table !== tables.log || !after) return;
        const { trail, sequence, kind, outcome = '', reason, resource } = rawEvent(after);
        this.line(resource, now, `=== ${trail} ${sequence} ${kind} ${outcome}: ${reason}`);
      },
    };
  }

  of(resource: string): readonly string[] {
    return this.lines.get(resource)?.all() ?? [];
  }
}

const chunk = 50;

/** Many lines in little memory: those that are long past are joined. */
class Lines {
  private readonly past: string[] = [];
  private last: string[] = [];

  add(line: string): void {
    this.last.push(line);
    if (this.last.length < chunk) return;
    this.past.push(this.last.join('\n'));
    this.last = [];
  }

  all(): readonly string[] {
    return [...this.past.flatMap((lines) => lines.split('\n')), ...this.last];
  }
}
