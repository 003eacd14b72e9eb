import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { hasAskedWithoutToken, quietDays, untokenedReading } from '../ec2/instance/untokened';
import { isObject } from '../json';
import { copyRule } from './launch-configuration/copy';

export default copyRule({
  id: 'autoscaling-launch-configuration-metadata-v2',
  title: 'Auto Scaling groups launch instances that answer only metadata requests with a session token (IMDSv2)',
  why: 'Without a token, a flaw that lets an attacker have the instance fetch a URL is enough to steal the credentials of its role.',
  impact:
    'Groups launch from a copy of the launch configuration; instances that run stay as they are. On new ones, programs that ask for metadata or credentials without a token fail; where the CloudWatch metric `MetadataNoToken` shows that there are any, the groups are left alone. The log of the fix holds the user data. The old launch configuration is deleted once somebody approves it.',
  severity: 'high',
  property: 'MetadataOptions.HttpTokens',
  detectedBy: { securityHub: ['AutoScaling.3'], config: ['autoscaling-launchconfig-requires-imdsv2'] },
  suffix: '-imdsv2',
  isFaulty: ({ MetadataOptions }) => MetadataOptions?.HttpTokens !== 'required',
  mend: (content) => ({
    ...content,
    MetadataOptions: { ...(isObject(content.MetadataOptions) && content.MetadataOptions), HttpTokens: 'required' },
  }),
  hindrance: {
    async find(groups, { quietDays: days }, aws, now) {
      for (const AutoScalingGroupName of groups)
        if (await hasAskedWithoutToken({ AutoScalingGroupName }, { days, now }, aws))
          return `Something on the instances of ${AutoScalingGroupName} has asked for metadata without a token in the last ${days} days, and would fail on new ones. Update it, or set quietDays to 0.`;
      return undefined;
    },
    parameters: z.strictObject({ quietDays }),
    reading: untokenedReading,
    client: CloudWatchClient,
  },
});
