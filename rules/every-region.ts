import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { ReportedIn } from './rule';

/** For a resource or setting that detectors report in each Region that is enabled in its account. */
export const everyRegion: ReportedIn = {
  clients: [EC2Client],
  permissions: [{ actions: ['ec2:DescribeRegions'], on: '*' }],

  async regions(aws) {
    const { Regions = [] } = await aws.send(new DescribeRegionsCommand({}));
    return Regions.flatMap(({ RegionName }) => RegionName ?? []);
  },
};
