import type { IncompleteCode } from './codes';
import { end, type RemediationContext, type Result } from './context';
import { absent, endIncomplete } from './halt';
import { standingOf } from './standing';

/** Ends where a rollback was begun and is not complete: the fix would make again what it undoes. */
export async function endForRollback(context: RemediationContext): Promise<Result> {
  const { rule, openRemediations } = context.ports;
  const standing = await standingOf(context);
  if (standing.status === 'not-found') return end(context, [absent]);
  const effects = 'effects' in standing ? standing.effects : [];
  const text = 'text' in standing ? standing.text : 'None of the changes of this remediation is in effect.';
  const by = openRemediations.user === undefined ? ' --deployed' : '';
  const command = `posture rollback ${rule.id}/${context.journal.subject.remediation}${by}`;
  const obstacle = {
    code: 'rollback-unfinished' satisfies IncompleteCode,
    why: 'A rollback of this remediation was begun, and is not complete, so the fix does not continue.',
    outlook: (until: string) =>
      `Repeat the rollback: \`${command}\`.${openRemediations.user === undefined ? ` Next look at ${until}.` : ''}`,
  };
  return endIncomplete(context, obstacle, { effects, text });
}
