import { GetBucketVersioningCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { readingOnly } from '../../functions/forecast/reading-only';
import type { Aws, AwsCommand } from '../../rules/rule';

function recorder(): { readonly aws: Aws; readonly sent: AwsCommand[] } {
  const sent: AwsCommand[] = [];
  const send = async <Output>(command: AwsCommand<Output>): Promise<Output> => {
    sent.push(command as AwsCommand);
    return { number: sent.length } as Output;
  };
  return { aws: { send }, sent };
}

describe('a connection that reads', () => {
  it('asks the same question once, and each other one for itself', async () => {
    const { aws, sent } = recorder();
    const reading = readingOnly(aws, []);
    const ask = (Bucket: string) => reading.send(new GetBucketVersioningCommand({ Bucket }));
    expect(await Promise.all([ask('one'), ask('one'), ask('two')])).toEqual([{ number: 1 }, { number: 1 }, { number: 2 }]);
    expect(sent).toHaveLength(2);
  });

  it('sends no command by which a rule changes things', async () => {
    const { aws, sent } = recorder();
    const reading = readingOnly(aws, [PutBucketVersioningCommand]);
    const put = new PutBucketVersioningCommand({ Bucket: 'one', VersioningConfiguration: { Status: 'Enabled' } });
    await expect(reading.send(put)).rejects.toThrow('s3:PutBucketVersioning changes resources, and this connection only reads.');
    expect(sent).toEqual([]);
  });
});
