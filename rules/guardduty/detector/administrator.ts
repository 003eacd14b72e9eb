import { GetAdministratorAccountCommand } from '@aws-sdk/client-guardduty';
import type { Aws, Grant } from '../../rule';

/** The permissions that `readAdministrator` needs. */
export const administratorReading: Grant = { actions: ['guardduty:GetAdministratorAccount'], on: '*' };

/** The administrator account of this one in GuardDuty; null for an account that has none. */
export async function readAdministrator(DetectorId: string, aws: Aws): Promise<string | null> {
  const { Administrator } = await aws.send(new GetAdministratorAccountCommand({ DetectorId }));
  const { AccountId, RelationshipStatus = '' } = Administrator ?? {};
  return AccountId === undefined || powerless.test(RelationshipStatus) ? null : AccountId;
}

/** An invitation that is not accepted yet, or a relationship that has ended. A disabled relationship still counts: it suspends GuardDuty. */
export const powerless = /^(Created|Invited|EmailVerification.*|Removed|Resigned)$/i;
