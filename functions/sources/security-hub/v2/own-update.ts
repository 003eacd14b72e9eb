import { minutes } from '../../../duration';
import { ticketNoteBeginning, updatedBy } from '../told';
import { type ComplianceFinding, statusIds } from './ocsf';

/** After a fix: Security Hub takes several minutes for an update, and an evaluation that began before it can arrive after it. */
const tolerance = minutes(15);

/** Its comments name no author, and have no time: ours begin with both. */
export const commentOf = (note: string, now: Date): string => `${updatedBy} ${now.toISOString()}: ${note}`;

const ours = new RegExp(`^${updatedBy} (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z): (${ticketNoteBeginning})?`);

/** Whether it has the form of our comments. */
export const isOwnComment = (comment: string): boolean => ours.test(comment);

/**
 * Whether the event only says what we have told Security Hub ourselves: since our comment, the finding has not been updated by the control.
 * BatchUpdateFindingsV2 leaves `modified_time_dt` as it is. Whoever can write such a comment can as well suppress the finding.
 */
export function isOwnUpdate({
  comment,
  status_id: status,
  finding_info: info,
}: Pick<ComplianceFinding, 'comment' | 'status_id'> & {
  readonly finding_info: Pick<ComplianceFinding['finding_info'], 'modified_time_dt'>;
}): boolean {
  const [, told, aboutTicket] = (typeof comment === 'string' && ours.exec(comment)) || [];
  if (told === undefined || status !== statusIds.inProgress) return false;
  const updated = Date.parse(info.modified_time_dt ?? '');
  return updated < Date.parse(told) + (aboutTicket === undefined ? tolerance : 0);
}
