import * as z from 'zod';
import { accountId, record, reference, region, text, time } from './shape';

/** What every event from EventBridge has; `detail` is for the adapter of its source. */
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

/** Whose events are believed beyond the account they are about. */
export interface Scope {
  /** Security Hub's delegated administrator: it receives the findings of other accounts, and of other regions in its aggregation region. */
  readonly centralAccount?: string;
}
