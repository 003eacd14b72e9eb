import { CreateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { World } from '../../contract/scenario';
import type { ReportedResource } from '../../events/resources';
import type { Piece } from './piece';

const trail =
  (Name: string, EnableLogFileValidation: boolean) =>
  async (world: World): Promise<ReportedResource> => {
    const S3BucketName = `badly-kept-trail-${Name}`;
    await world.send(new CreateBucketCommand({ Bucket: S3BucketName }));
    const { TrailARN: arn = '' } = await world.send(new CreateTrailCommand({ Name, S3BucketName, EnableLogFileValidation }));
    return { type: 'AWS::CloudTrail::Trail', arn, configId: Name };
  };

export const cloudtrail: readonly Piece[] = [
  { control: 'CloudTrail.4', words: 'log file validation is disabled', resource: trail('management', false), ends: 'fixed' },
  {
    control: 'CloudTrail.4',
    words: 'log file validation is already enabled',
    resource: trail('payments', true),
    ends: 'already-compliant',
  },
];
