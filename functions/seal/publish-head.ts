import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { SealEnvironment } from './environment';
import type { Newest } from './seal-archive';

/** Whether the run of this hour publishes the newest seal: decided by the schedule alone, so that an attempt that is repeated decides alike. */
export const isDue = (heads: SealEnvironment['HEADS'], scheduled: Date): boolean =>
  heads === 'hourly' || (heads === 'daily' && scheduled.getUTCHours() === 0);

/** Publishes the hash of the newest seal: whoever keeps it can prove that no seal before it was removed or replaced. */
export async function publishHead(client: SNSClient, TopicArn: string, newest: Newest): Promise<void> {
  await client.send(new PublishCommand({ TopicArn, Subject: `Posture seal ${newest.number}`, Message: headText(newest) }));
}

const headText = ({ number, time, to, hash, key, nextKey }: Newest): string =>
  [
    `Seal ${number} of the Posture log was written at ${time}. It covers the batches up to ${to}.`,
    '',
    `Head: ${hash}`,
    `Key: ${key}`,
    ...(nextKey ? [`Key of the next seals: ${nextKey.key}`] : []),
    '',
    'Keep this message where administrators of the central account have no access. To verify the log against it:',
    '',
    `posture log verify --key ${key} --head ${hash}`,
  ].join('\n');
