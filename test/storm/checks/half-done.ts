import { rawEvent } from '../raw-log';
import { tables } from '../tables';
import type { Report, Watch } from '../watch';

/** An attempt may say so of itself while the changes of an earlier one are in effect. */
const saysUntouched = /this attempt made no changes/i;
/** True only if others reverted them: the final rollback of everything proves that they did. */
const saysNoneInEffect = /shows none of the changes of earlier attempts/i;
const settling = ['verified', 'reverted', 'rolled-back'];

/** As long as changes are neither verified nor taken back, an open remediation stands for them, and the log does not say that nothing was changed. */
export function openWhileHalfDone(report: Report): { readonly watch: Watch; readonly unsettled: ReadonlyMap<string, number> } {
  /** By rule and resource. */
  const unsettled = new Map<string, number>();
  /** Of these, the ones on whose resource others made changes since. */
  const changedByOthers = new Set<string>();
  const open = new Set<string>();
  const subjectIn = (key = ''): string | undefined => /^open (\S+ \S+)/.exec(key)?.[1];
  const fail = (check: string, subject: string, at: number, what: string): void =>
    report({ check, what, resource: subject.split(' ')[1] ?? '', at });
  return {
    unsettled,
    watch: {
      onWrite({ table, before, after }, { now }, worker) {
        if (table === tables.log && after) {
          const { kind, outcome, reason, trail, rule, resource } = rawEvent(after);
          const subject = `${rule} ${resource}`;
          const isReverted = changedByOthers.has(subject) && saysNoneInEffect.test(reason);
          if (settling.includes(kind) || isReverted) unsettled.delete(subject);
          const isFalse =
            unsettled.has(subject) &&
            outcome !== undefined &&
            /(?<!this attempt )made no changes|nothing (is|was) changed|shows none of the changes/i.test(reason);
          if (isFalse || (worker?.hasChanged && saysUntouched.test(reason)))
            fail('no-false-sentence', subject, now, `${trail} says: ${reason}`);
        }
        const subject = subjectIn((after ?? before)?.key?.S);
        if (subject === undefined) return;
        if (after) open.add(subject);
        else open.delete(subject);
        if (!after && unsettled.has(subject))
          fail('open-while-half-done', subject, now, `${subject} is released while its changes are neither verified nor taken back`);
      },
      onChange({ call, worker, before, after }) {
        if (before === after) return;
        const subject = `${worker.writer} ${call.resource ?? ''}`;
        for (const other of unsettled.keys())
          if (other.endsWith(` ${call.resource}`) && (worker.isRollback || other !== subject)) changedByOthers.add(other);
        if (worker.isRollback) return;
        unsettled.set(subject, call.now);
        changedByOthers.delete(subject);
        if (open.has(subject)) return;
        fail(
          'open-while-half-done',
          subject,
          call.now,
          `${call.service}:${call.operation} by #${worker.id} without an open remediation of ${subject}`,
        );
      },
    },
  };
}
