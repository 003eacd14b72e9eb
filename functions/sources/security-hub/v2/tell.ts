import { BatchUpdateFindingsV2Command } from '@aws-sdk/client-securityhub';
import type { Aws } from '../../../../rules/rule';
import { maxNote, type Told } from '../told';
import { statusIds } from './ocsf';
import { commentOf } from './own-update';

const statusOf = { NOTIFIED: statusIds.inProgress, RESOLVED: statusIds.resolved } as const;

/** Sets the status of the finding, with a comment. It is refused with HTTP 200. */
export async function tellSecurityHubV2(uid: string, { status, note }: Told, now: Date, aws: Aws): Promise<void> {
  const { UnprocessedFindings = [] } = await aws.send(
    new BatchUpdateFindingsV2Command({
      MetadataUids: [uid],
      StatusId: statusOf[status],
      Comment: commentOf(note, now).slice(0, maxNote),
    }),
  );
  const [refused] = UnprocessedFindings;
  if (refused) throw new Error(`Security Hub rejected the update: ${refused.ErrorCode} ${refused.ErrorMessage}`);
}
