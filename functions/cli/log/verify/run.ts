import { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../../../clock';
import type { ArchiveReader } from '../../../seal/archive-reader';
import { s3Archive } from '../../../seal/s3-archive';
import type { Question } from '../../../seal/verify/question';
import { type VerifyPorts, verifyLog } from '../../../seal/verify/verify';
import { type Caller, findCaller } from '../../central/caller';
import { openTables } from '../../central/deployed-tables';
import { Unable } from '../../failure';
import { archiveBucket } from './archive-bucket';
import { folderArchive } from './folder-archive';
import type { VerifyOptions } from './options';
import { tableItems } from './table-items';
import { printVerification } from './verification-text';

/** Verifies the log and prints the result. Returns the exit code. */
export async function runVerification(question: Question, options: VerifyOptions): Promise<number> {
  const ports = options.archive === undefined ? await deployed(question, options) : { archive: await folderArchive(options.archive) };
  const verification = await verifyLog(question, { ...ports, clock: systemClock });
  const { counts, findings, newest } = verification;
  if (!newest && counts.batches === 0 && findings.length === 0)
    throw new Unable(
      options.archive === undefined
        ? 'The archive is empty: nothing was archived and sealed yet. The first seal is written within an hour of the deployment.'
        : `The folder ${options.archive} has no seals and no batches. Copy the whole bucket into it: \`aws s3 sync s3://<bucket> ${options.archive}\`.`,
    );
  if (question.of !== 'all' && 'remediation' in question.of && counts.events + findings.length + counts.waiting === 0)
    throw new Unable(`The archive has no events of the remediation ${question.of.remediation}. \`posture log\` lists the remediations.`);
  printVerification(question, verification, options);
  return verification.verdict === 'tampered' ? 2 : 0;
}

async function deployed({ of }: Question, { bucket }: VerifyOptions): Promise<Pick<VerifyPorts, 'archive' | 'table'>> {
  const caller = await findCaller();
  const { dynamo, log } = await openTables(caller, ['log']);
  const archive = archiveIn(caller, bucket || process.env.POSTURE_ARCHIVE_BUCKET || (await archiveBucket(caller)));
  return { archive, table: (trails) => tableItems(dynamo, log, of, trails) };
}

function archiveIn({ region, credentials }: Caller, bucket: string): ArchiveReader {
  return s3Archive(new S3Client({ region, credentials, retryMode: 'adaptive', maxAttempts: 6 }), bucket);
}
