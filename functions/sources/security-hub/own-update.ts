import { minutes } from '../../duration';
import { freeText, record, text, time } from '../shape';
import type { ControlFinding } from './asff';
import { maxNote, ticketNoteBeginning, updatedBy } from './told';

/** Whoever may write a note could write anything: one of another shape is none of ours. */
const noteShape = record({ Text: freeText(maxNote).optional(), UpdatedBy: text, UpdatedAt: time });

/** After a fix: Security Hub takes several minutes for an update, and an evaluation that began before it can arrive after it. */
const tolerance = minutes(15);

/**
 * Whether the event only says what we have told Security Hub ourselves: since our note, the finding has not been updated by the control. Each
 * update by BatchUpdateFindings comes back as an event, and leaves `UpdatedAt` as it is.
 */
export function isOwnUpdate(note: unknown, { Workflow, UpdatedAt }: Pick<ControlFinding, 'Workflow' | 'UpdatedAt'>): boolean {
  const { data } = noteShape.safeParse(note);
  if (data?.UpdatedBy !== updatedBy || Workflow.Status !== 'NOTIFIED') return false;
  const isAboutTicket = data.Text?.startsWith(ticketNoteBeginning) === true;
  return Date.parse(UpdatedAt) < Date.parse(data.UpdatedAt) + (isAboutTicket ? 0 : tolerance);
}
