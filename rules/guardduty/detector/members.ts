import { GetMemberDetectorsCommand, ListMembersCommand, type MemberFeaturesConfigurationResult } from '@aws-sdk/client-guardduty';
import { inGroups } from '../../groups';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';
import { powerless } from './administrator';

/** The permissions that `readMembers` needs. IAM supports no resource-level permissions for them. */
export const membersReading: Grant = { actions: ['guardduty:ListMembers', 'guardduty:GetMemberDetectors'], on: '*' };

/** Accounts in one request to GuardDuty. */
const maxAccounts = 50;

/** The protection plans of each member account; none for an account that GuardDuty leaves out of its answer. */
export async function readMembers(DetectorId: string, aws: Aws): Promise<readonly (readonly MemberFeaturesConfigurationResult[])[]> {
  const members = await collect(
    (NextToken) => aws.send(new ListMembersCommand({ DetectorId, OnlyAssociated: 'true', NextToken })),
    ({ Members }) => Members,
    ({ NextToken }) => NextToken,
  );
  const ids = members.flatMap(({ AccountId, RelationshipStatus = '' }) => (powerless.test(RelationshipStatus) ? [] : (AccountId ?? [])));
  const found = new Map<string | undefined, readonly MemberFeaturesConfigurationResult[]>();
  for (const group of inGroups(ids, maxAccounts)) {
    const command = new GetMemberDetectorsCommand({ DetectorId, AccountIds: [...group] });
    const { MemberDataSourceConfigurations = [] } = await aws.send(command);
    for (const { AccountId, Features = [] } of MemberDataSourceConfigurations) found.set(AccountId, Features);
  }
  return ids.map((id) => found.get(id) ?? []);
}
