import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import * as z from 'zod';
import { firstIssueText } from '../../functions/shape-issue';

/** How long S3 keeps each object of the archive from being deleted, and from whom. */
export interface ArchiveLock {
  /** `GOVERNANCE`: from all but the break-glass role. `COMPLIANCE`: from everybody, AWS included. */
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly retention: { readonly Days: number } | { readonly Years: number };
}

/** The settings of the archive are invalid; the message says what to do. */
export class ArchiveLockError extends Error {
  override readonly name = 'ArchiveLockError';
}

const contextKey = 'archive';
const defaultDays = 30;

/** S3 allows up to 36,500 days or 100 years. */
const shape = z.strictObject({
  mode: z.enum(['GOVERNANCE', 'COMPLIANCE']).default('GOVERNANCE'),
  days: z.int().min(1).max(36_500).optional(),
  years: z.int().min(1).max(100).optional(),
});

/** The lock that `cdk.json` gives under `context.archive`. Not a parameter of the stack: what is irreversible is said before it is deployed. */
export function archiveLock(scope: IConstruct): ArchiveLock {
  const given: unknown = scope.node.tryGetContext(contextKey) ?? {};
  const parsed = shape.safeParse(typeof given === 'string' ? fromJson(given) : given);
  if (!parsed.success) throw invalid(given, firstIssueText(parsed.error.issues));
  const { mode, days, years } = parsed.data;
  if (days !== undefined && years !== undefined) throw invalid(given, 'days and years exclude each other');
  return { mode, retention: years === undefined ? { Days: days ?? defaultDays } : { Years: years } };
}

/** Says at synth what is irreversible. */
export function warnOfLock(scope: IConstruct, { mode, retention }: ArchiveLock): void {
  const time = 'Days' in retention ? `${retention.Days} days` : `${retention.Years} years`;
  const days = 'Days' in retention ? retention.Days : retention.Years * 365;
  const common = `You pay for the storage all this time, and names in ARNs, tags or reasons can't be erased before, also if the law requires it.`;
  if (mode === 'COMPLIANCE')
    Annotations.of(scope).addWarningV2(
      'posture:archive-compliance',
      `The archive of the log is locked in COMPLIANCE mode for ${time}. This is irreversible: nobody can delete an event before, or shorten the time of those that are there, neither the root user nor AWS, unless the account is closed. ${common}`,
    );
  else if (days > defaultDays)
    Annotations.of(scope).addWarningV2(
      'posture:archive-retention',
      `The archive of the log is locked for ${time}. Only the break-glass role can delete an event before. ${common}`,
    );
}

const invalid = (given: unknown, why: string) =>
  new ArchiveLockError(
    `The context \`${contextKey}\` is ${JSON.stringify(given)}: ${why}. Specify it in \`cdk.json\` under \`context.${contextKey}\`, such as { "mode": "GOVERNANCE", "days": 365 } or { "mode": "COMPLIANCE", "years": 7 }.`,
  );

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
