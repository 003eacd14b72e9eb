import { PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';

// Run by watch.test.ts alone, to see that it fails; `npm test` does not find it.
const nobody = new S3Client({
  endpoint: 'http://127.0.0.1:1',
  region: 'eu-west-1',
  credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
});

it.each(['Enabled', 'On'])('%s is sent', async (Status) => {
  const command = new PutBucketVersioningCommand({ Bucket: 'a-bucket', VersioningConfiguration: { Status: Status as 'Enabled' } });
  await nobody.send(command).catch(() => undefined);
});
