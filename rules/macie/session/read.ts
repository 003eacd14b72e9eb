import { GetAdministratorAccountCommand, GetMacieSessionCommand } from '@aws-sdk/client-macie2';
import type { Aws, Grant } from '../../rule';

/** IAM offers no resource-level permission for these. */
export const sessionReading: Grant = { actions: ['macie2:GetMacieSession', 'macie2:GetAdministratorAccount'], on: '*' };

/** Macie of an account and region; `administrator`: another account that manages it. */
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

/** Macie says so by a refusal; only the message tells it from one for want of permission. */
const isAbsence = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'ResourceNotFoundException' || (error.name === 'AccessDeniedException' && /Macie is not enabled/i.test(error.message)));
