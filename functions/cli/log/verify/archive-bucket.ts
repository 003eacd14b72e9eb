import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Caller } from '../../central/caller';
import { Unable } from '../../failure';

const output = 'ArchiveBucket';

/** The bucket of the archive, whose name is generated, from the output of the central stack. */
export async function archiveBucket({ account, region, credentials }: Caller): Promise<string> {
  const client = new CloudFormationClient({ region, credentials, maxAttempts: 6 });
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: 'Posture' }));
    const bucket = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === output)?.OutputValue;
    if (bucket !== undefined) return bucket;
  } catch (error) {
    if (!(error instanceof Error && ['ValidationError', 'AccessDenied', 'AccessDeniedException'].includes(error.name))) throw error;
  } finally {
    client.destroy();
  }
  throw new Unable(
    `The output ${output} of the stack Posture in account ${account}, ${region} can't be read. Specify the bucket with --bucket, or another place with --region or --profile.`,
  );
}
