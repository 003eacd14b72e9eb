import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { hasAskedWithoutToken, quietDays, untokenedReading } from '../ec2/instance/untokened';
import { copyRule } from './launch-configuration/copy';

export default copyRule({
  id: 'autoscaling-launch-configuration-metadata-v2',
  title: 'Auto Scaling groups launch instances that require IMDSv2',
  why: 'With IMDSv1, a server-side request forgery (SSRF) vulnerability on an instance is enough to steal the credentials of its role.',
  impact:
    'Groups switch to a copy of the launch configuration; running instances do not change. On new instances, programs that use IMDSv1 fail; groups for which the CloudWatch metric `MetadataNoToken` shows such requests are not changed. The old launch configuration is deleted after an approval.',
  severity: 'high',
  property: 'MetadataOptions.HttpTokens',
  detectedBy: { securityHub: ['AutoScaling.3'], config: ['autoscaling-launchconfig-requires-imdsv2'] },
  suffix: '-imdsv2',
  isNoncompliant: ({ MetadataOptions }) => MetadataOptions?.HttpTokens !== 'required',
  set: { MetadataOptions: { HttpTokens: 'required' } },
  hindrance: {
    async find(groups, { quietDays: days }, aws, now) {
      for (const AutoScalingGroupName of groups)
        if (await hasAskedWithoutToken({ AutoScalingGroupName }, { days, now }, aws))
          return {
            unfixable: `Instances of ${AutoScalingGroupName} used IMDSv1 in the last ${days} days, and the programs that do would fail on new instances. Update them, or set quietDays to 0.`,
            code: 'imds-v1-in-use',
          };
      return undefined;
    },
    parameters: z.strictObject({ quietDays }),
    reading: untokenedReading,
    client: CloudWatchClient,
  },
});
