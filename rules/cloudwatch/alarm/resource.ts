import { ListTagsForResourceCommand } from '@aws-sdk/client-cloudwatch';
import { undefinedOn } from '../../absence';
import type { ResourceKind } from '../../rule';

/** The ARNs of alarms, for grants. */
export const alarms = 'arn:{partition}:cloudwatch:{region}:{account}:alarm:*';

/** An alarm, by its name. */
export const alarm: ResourceKind = {
  type: 'AWS::CloudWatch::Alarm',
  arn: 'arn:{partition}:cloudwatch:{region}:{account}:alarm:{freeId}',
  // Any characters of UTF-8 but control characters.
  name: /(?!arn:)[^\p{Cc}\p{Cs}]{1,255}/u,
  scope: 'regional',
  target: ({ id }) => ({ AlarmName: id }),
  permissions: [{ actions: ['cloudwatch:ListTagsForResource'], on: alarms }],

  async tags({ arn }, aws) {
    const names = ['ResourceNotFoundException', 'ResourceNotFound'];
    const answer = await undefinedOn(names, aws.send(new ListTagsForResourceCommand({ ResourceARN: arn })));
    return Object.fromEntries((answer?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};
