import canonicalize from 'canonicalize';
import type { Call } from '../call';
import { type RawChange, type RawEvent, rawEvent } from '../raw-log';
import { tables } from '../tables';
import type { Report, Watch } from '../watch';

const textOf = ({ service, operation, input }: { readonly service: string; readonly operation: string; readonly input: unknown }): string =>
  `${service}:${operation} ${canonicalize(input)}`;

interface Announced {
  readonly does: Set<string>;
  readonly undoes: Set<string>;
  /** Whether some change is taken back by commands that the rule computes then. */
  ownPart: boolean;
  /** The workers that logged the request of a rollback. */
  readonly requests: Set<number>;
}

/** Every change stands in the log before it is made: as a planned change, as the undo of one, or as a part of a requested rollback. */
export function intentBeforeChange(report: Report): Watch {
  const byResource = new Map<string, Announced>();
  const of = (rule: string, resource: string): Announced => {
    const key = `${rule} ${resource}`;
    const known = byResource.get(key) ?? {
      does: new Set<string>(),
      undoes: new Set<string>(),
      ownPart: false,
      requests: new Set<number>(),
    };
    byResource.set(key, known);
    return known;
  };
  return {
    onWrite({ table, after }, _, worker) {
      if (table !== tables.log || !after) return;
      const event = rawEvent(after);
      if (event.kind === 'rollback-requested' && worker) of(event.rule, event.resource).requests.add(worker.id);
      for (const change of event.kind === 'planned' ? (event.changes ?? []) : []) note(of(event.rule, event.resource), change, event);
    },
    onChange({ call, worker, before, after }) {
      const { does, undoes, ownPart, requests } = of(worker.writer, call.resource ?? '');
      const text = textOf(call);
      if (does.has(text) || undoes.has(text) || requests.has(worker.id) || (ownPart && worker.hasChanged)) return;
      if (before !== after)
        fail('intent-before-change', call, `${call.service}:${call.operation} by #${worker.id} of ${worker.writer} stands in no intent`);
    },
  };

  function note(announced: Announced, { do: planned, undo, irreversible }: RawChange, event: RawEvent): void {
    announced.does.add(textOf(planned));
    if (undo === 'revert-own-part') announced.ownPart = true;
    else if (undo) announced.undoes.add(textOf(undo));
    else if (irreversible === undefined) {
      const what = `${event.trail} plans ${planned.service}:${planned.operation} without an undo`;
      report({ check: 'undo-with-intent', what, resource: event.resource, at: Date.parse(event.time) });
    }
  }

  function fail(check: string, { resource, now }: Call, what: string): void {
    report({ check, what, resource: resource ?? '', at: now });
  }
}
