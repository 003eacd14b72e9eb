/** Who updated a finding, in its note: the events of our own updates come back to us. */
export const updatedBy = 'posture-remediator';

/**
 * What we tell Security Hub: NOTIFIED after our own look, or when its owner has a ticket, and RESOLVED only after Security Hub itself has said PASSED. A finding that stays
 * FAILED would never come back from RESOLVED. In OCSF, NOTIFIED is In Progress.
 */
export type Told = { readonly status: 'NOTIFIED' | 'RESOLVED'; readonly note: string };

/** How a note begins that only names the ticket: nothing was changed, and a later evaluation is news at once. */
export const ticketNoteBeginning = 'Ticket ';

/** The maximum length of a note. */
export const maxNote = 512;
