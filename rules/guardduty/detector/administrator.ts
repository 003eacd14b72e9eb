import { GetAdministratorAccountCommand } from '@aws-sdk/client-guardduty';
import type { Aws, Grant } from '../../rule';

/** What `readAdministrator` needs. */
export const administratorReading: Grant = { actions: ['guardduty:GetAdministratorAccount'], on: '*' };

/** The account that manages GuardDuty for this one; null where it manages its own. */
export async function readAdministrator(DetectorId: string, aws: Aws): Promise<string | null> {
  const { Administrator } = await aws.send(new GetAdministratorAccountCommand({ DetectorId }));
  const { AccountId, RelationshipStatus = '' } = Administrator ?? {};
  return AccountId === undefined || powerless.test(RelationshipStatus) ? null : AccountId;
}

/** An invitation that was not accepted yet, or a relationship that was ended. A disabled one still manages: by it, GuardDuty is suspended. */
export const powerless = /^(Created|Invited|EmailVerification.*|Removed|Resigned)$/i;
