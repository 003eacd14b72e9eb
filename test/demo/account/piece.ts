import type { Outcome } from '../../../functions/log/event';
import type { World } from '../../contract/scenario';
import type { Past } from '../../emulator/gateway/past';
import type { ReportedResource } from '../../events/resources';

/** One resource of the badly kept account: a violation, or something that only looks like one. */
export interface Piece {
  /** What reports it: a Security Hub control (`S3.8`), or a managed rule of AWS Config (`restricted-ssh`). */
  readonly control: string;
  /** What is wrong with it, or why it must be left alone. */
  readonly words: string;
  /** Makes it, and says how AWS names it in its report. */
  readonly resource: (world: World, past: Past) => Promise<ReportedResource>;
  /** How the report of it ends once rules may fix. */
  readonly ends: Outcome;
  /** How the very same report ends when it is delivered again; as before if left out, and `already-compliant` after a fix. */
  readonly again?: Outcome;
  /** Throws when something beside the fault is not as it was: what a fix must keep. */
  readonly keeps?: (world: World, resource: ReportedResource) => Promise<void>;
  /** How AWS Config has the rule deployed; `plain` if left out. */
  readonly deployed?: 'plain' | 'security-hub' | 'conformance-pack';
  /** Where it lives; the home region of the demo if left out. */
  readonly region?: string;
}

/** Whether a fix is meant to touch it. */
export const isViolation = ({ ends }: Pick<Piece, 'ends'>): boolean => ends === 'fixed' || ends === 'partly-fixed';

/** The account as Security Hub and AWS Config report it. */
export const ownAccount = async ({ account }: Pick<World, 'account'>): Promise<ReportedResource> => ({
  type: 'AWS::::Account',
  arn: `AWS::::Account:${account}`,
  configId: account,
});
