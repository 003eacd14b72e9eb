import { CloudTrailClient, DescribeTrailsCommand, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { defineRule, gone } from '../rule';
import { trail } from './trail/resource';

export default defineRule({
  id: 'cloudtrail-log-file-validation-enabled',
  title: 'CloudTrail signs its log files, so that an altered one shows',
  why: 'Who covers his tracks in a log without signatures leaves none.',
  impact: 'CloudTrail puts a small signed digest beside the log files each hour; S3 bills its storage.',
  severity: 'low',
  risk: 'safe',
  resource: trail,
  detectedBy: { securityHub: ['CloudTrail.4'], config: ['cloud-trail-log-file-validation-enabled'] },
  permissions: {
    inspect: { actions: ['cloudtrail:DescribeTrails'], on: '*' },
    change: { actions: ['cloudtrail:UpdateTrail'], on: 'arn:{partition}:cloudtrail:{region}:{account}:trail/*' },
  },
  clients: [CloudTrailClient],
  commands: [UpdateTrailCommand],

  async inspect({ id, arn }, aws) {
    // A name finds only the trails of this account and region; copies of others show in the list alone.
    const { trailList = [] } = await aws.send(new DescribeTrailsCommand({}));
    const namesakes = trailList.filter(({ Name }) => Name === id);
    const found = namesakes.find(({ TrailARN }) => TrailARN === arn) ?? namesakes[0];
    return found ? { arn: found.TrailARN ?? '', validated: found.LogFileValidationEnabled ?? false } : gone;
  },

  plan({ arn, account }, state) {
    if (state.validated) return [];
    if (state.arn !== arn) return { unfixable: elsewhere(state.arn, account) };
    return [{ do: validation(arn, true), undo: validation(arn, false) }];
  },

  async list(_, aws) {
    const { trailList = [] } = await aws.send(new DescribeTrailsCommand({ includeShadowTrails: false }));
    return trailList.flatMap(({ TrailARN }) => TrailARN ?? []);
  },
});

/** Why a copy of a trail can't be changed, and where the trail can. */
function elsewhere(arn: string, account: string): string {
  const [, , , region, owner] = arn.split(':');
  return owner === account
    ? `This is the copy of a trail of ${region}: it can be changed only there, as ${arn}.`
    : `This is the copy of a trail of the organization: it can be changed only by account ${owner}, in ${region}, as ${arn}.`;
}

// What is left out stays as it is.
const validation = (Name: string, EnableLogFileValidation: boolean) => new UpdateTrailCommand({ Name, EnableLogFileValidation });
