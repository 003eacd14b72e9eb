import { GetAdministratorAccountCommand, GetMacieSessionCommand } from '@aws-sdk/client-macie2';
import type { Aws, Grant } from '../../rule';

/** IAM supports no resource-level permissions for these. */
export const sessionReading: Grant = { actions: ['macie2:GetMacieSession', 'macie2:GetAdministratorAccount'], on: '*' };

/** Macie in an account and region; `administrator`: its administrator account, if any. */
export type Session = { readonly status: 'ENABLED' | 'PAUSED'; readonly administrator: string | null } | { readonly status: 'ABSENT' };

export async function readSession(aws: Aws): Promise<Session> {
  const session = await aws.send(new GetMacieSessionCommand({})).catch((error: unknown) => {
    if (isAbsence(error)) return undefined;
    throw error;
  });
  if (session?.status === undefined) return { status: 'ABSENT' };
  const { administrator } = await aws.send(new GetAdministratorAccountCommand({}));
  const manages = /^(Enabled|Paused|AccountSuspended|RegionDisabled)$/.test(administrator?.relationshipStatus ?? '');
  return { status: session.status, administrator: manages ? (administrator?.accountId ?? null) : null };
}

/** Macie reports this as AccessDeniedException; only the message distinguishes it from a missing permission. */
const isAbsence = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'ResourceNotFoundException' || (error.name === 'AccessDeniedException' && /Macie is not enabled/i.test(error.message)));
