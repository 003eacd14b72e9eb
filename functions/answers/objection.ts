import { seconds } from '../duration';
import { commandHelp } from '../tickets/command';
import type { Doubt } from '../tickets/said';
import type { Answer } from './answer';

/** A stable code, and a sentence for the person. */
export interface Objection {
  readonly code: 'unclear' | 'elsewhere' | Doubt | 'nothing-waits' | 'plan-changed' | 'too-old';
  readonly reason: string;
}

const doubts: Readonly<Record<Doubt, string>> = {
  edited: 'The comment was edited, perhaps by somebody else. Write a new one.',
  automated: 'An app or a bot wrote the comment. A person has to write it, in the web page of the tracker.',
  'unknown-user': 'The account is inactive, a guest, or not the only one of its name. Answer as a member, or with `posture approve`.',
};

/** The clocks of vendors differ from ours, by less than this. */
const tolerance = seconds(60);

/** Why an answer does not count, whoever gave it; undefined if the control function has to decide. Pure. */
export function objectionTo({ command, doubt, elsewhere, waits, at }: Answer): Objection | undefined {
  if (elsewhere !== undefined) return { code: 'elsewhere', reason: `The misconfiguration is handled in ${elsewhere}. Answer there.` };
  if (doubt !== undefined) return { code: doubt, reason: doubts[doubt] };
  if (command === 'unclear') return { code: 'unclear', reason: commandHelp };
  if (waits === undefined)
    return {
      code: 'nothing-waits',
      reason: 'No plan of this ticket waits for an approval: it was answered, it ended, or the ticket is shared by several.',
    };
  if (!waits.plan.startsWith(command.plan)) {
    const reason = `The plan has changed: the answer is for ${command.plan}, and ${waits.plan.slice(0, 16)} awaits approval. Review the present plan.`;
    return { code: 'plan-changed', reason };
  }
  // An answer to the same plan of an earlier time, sent again.
  if (!(Date.parse(at) + tolerance >= Date.parse(waits.since)))
    return { code: 'too-old', reason: `The answer is from ${at}, and the plan was shown at ${waits.since}. Answer again.` };
  return undefined;
}
