import * as z from 'zod';
import { accountId, record, reference, region, text, time } from './shape';

/** The envelope of every EventBridge event; the adapter of the source reads `detail`. */
export const envelopeShape = record({
  source: text,
  'detail-type': text,
  account: accountId,
  region,
  time,
  resources: z.array(reference).max(100).optional(),
  detail: z.unknown(),
});

export type Envelope = z.infer<typeof envelopeShape>;

/** With what events are read, and which accounts may report about others. */
export interface Scope {
  /** The partition of the reader: no event, and no role, comes from another. Left out, the ARNs in the event tell it. */
  readonly partition?: string;
  /** Security Hub's delegated administrator: it receives the findings of other accounts, and of other regions in its aggregation region. */
  readonly centralAccount?: string;
  /** Config rules of any name are read, too. Whoever sets it has to find out which managed rule they are before it acts: the name says nothing. */
  readonly anyConfigRule?: true;
}
