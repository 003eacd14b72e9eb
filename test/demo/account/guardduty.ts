import { CreateDetectorCommand } from '@aws-sdk/client-guardduty';
import type { World } from '../../contract/scenario';
import type { ReportedResource } from '../../events/resources';
import { ownAccount, type Piece } from './piece';

const detector =
  (Status: 'ENABLED' | 'DISABLED') =>
  async (world: World): Promise<ReportedResource> => {
    const Features = [{ Name: 'S3_DATA_EVENTS' as const, Status }];
    const { DetectorId: id = '' } = await world.send(new CreateDetectorCommand({ Enable: true, Features }));
    return {
      type: 'AWS::GuardDuty::Detector',
      arn: `arn:${world.partition}:guardduty:${world.region}:${world.account}:detector/${id}`,
      configId: id,
    };
  };

export const guardduty: readonly Piece[] = [
  { control: 'GuardDuty.1', words: 'GuardDuty is not enabled', resource: ownAccount, ends: 'fixed' },
  {
    control: 'GuardDuty.1',
    region: 'eu-central-1',
    words: 'another Region, with GuardDuty enabled',
    async resource(world) {
      await world.send(new CreateDetectorCommand({ Enable: true }));
      return ownAccount(world);
    },
    ends: 'already-compliant',
  },
  { control: 'GuardDuty.10', region: 'us-east-1', words: 'S3 Protection is disabled', resource: detector('DISABLED'), ends: 'fixed' },
  {
    control: 'guardduty-s3-protection-enabled',
    region: 'us-west-2',
    words: 'S3 Protection is already enabled',
    resource: detector('ENABLED'),
    ends: 'already-compliant',
  },
];
