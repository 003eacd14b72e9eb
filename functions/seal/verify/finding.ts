/** What can be wrong, and what that means. */
export const meanings = {
  'event-missing': 'The event was removed from the archive, or never reached it.',
  'event-altered': 'The event was changed after it was written, or written anew together with the events after it.',
  'event-added': 'The event was put into the archive after it was sealed, or takes the place of another one.',
  'events-reordered': 'The order in which the events were archived was changed.',
  'batch-missing':
    'A whole object was removed from the archive. If it was in the bucket, an earlier version of it is still there as long as its lock.',
  'batch-added': 'The object is not from the function that archives the log.',
  'batch-altered': 'The object was replaced after it was sealed. An earlier version of it is still in the bucket as long as its lock.',
  'seal-missing': 'The seal was removed, and with it the proof for its batches.',
  'seal-altered': 'The seal is not what its key has signed: it was changed, or another key signed it.',
  'seal-replaced': 'Another seal was in this place when the next one was written.',
  'key-missing': 'Without the public key, the signature proves nothing.',
  'key-changed': 'The key before it has not handed over to this key: somebody may have signed the log anew.',
  'key-not-pinned':
    'The pinned key has signed none of these seals: somebody may have signed the whole log anew, or it is the log of another deployment.',
  'head-not-found':
    'The log ends before the seal with this hash, or was sealed anew: what the seal covered may have been removed or changed.',
  'table-event-missing': 'The event was removed from the table. The archive has it.',
  'table-event-altered': 'The event was changed in the table. The archive has the original.',
  'archive-event-missing': 'The event never reached the archive, or was put into the table without the stream.',
} as const;

export type FindingCode = keyof typeof meanings;

/** Where the archive, or the table, is not as it was written. */
export interface Finding {
  readonly code: FindingCode;
  readonly text: string;
  readonly trail?: string;
  readonly sequence?: number;
  /** The number of the batch, or of the seal. */
  readonly batch?: number;
  readonly seal?: number;
}

/** Findings that name an event come first, by the order of the archive. */
export const inOrder = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => rank(a) - rank(b) || placeOf(a) - placeOf(b) || (a.sequence ?? 0) - (b.sequence ?? 0));

const rank = ({ trail, batch }: Finding): number => {
  if (trail !== undefined) return 0;
  return batch === undefined ? 2 : 1;
};

/** What is in no batch comes last: it is in the table alone. */
const placeOf = ({ batch, seal }: Finding): number => batch ?? seal ?? Number.MAX_SAFE_INTEGER;

/** Findings, of which the first ones are kept: of a removed archive, there is one for each event. */
export interface Findings {
  readonly kept: readonly Finding[];
  readonly count: number;
  add(finding: Finding): void;
}

const maxKept = 10_000;

export function collectFindings(): Findings {
  const kept: Finding[] = [];
  let count = 0;
  return {
    kept,
    get count() {
      return count;
    },
    add(finding) {
      count += 1;
      if (kept.length < maxKept) kept.push(finding);
    },
  };
}
