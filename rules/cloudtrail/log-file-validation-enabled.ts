import { CloudTrailClient, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { defineRule, notFound } from '../rule';
import { elsewhere, listTrails, readTrail, trailReading } from './trail/read';
import { trail, trails } from './trail/resource';

export default defineRule({
  id: 'cloudtrail-log-file-validation-enabled',
  title: 'CloudTrail signs its log files, so that an altered one shows',
  why: 'Who covers his tracks in a log without signatures leaves none.',
  impact: 'CloudTrail puts a small signed digest beside the log files each hour; S3 bills its storage.',
  severity: 'low',
  risk: 'safe',
  resource: trail,
  property: 'EnableLogFileValidation',
  detectedBy: { securityHub: ['CloudTrail.4'], config: ['cloud-trail-log-file-validation-enabled'] },
  permissions: {
    inspect: trailReading,
    change: { actions: ['cloudtrail:UpdateTrail'], on: trails },
  },
  clients: [CloudTrailClient],
  commands: [UpdateTrailCommand],

  async inspect(resource, aws) {
    const found = await readTrail(resource, aws);
    return found ? { arn: found.TrailARN ?? '', validated: found.LogFileValidationEnabled ?? false } : notFound;
  },

  plan({ arn, account }, state) {
    if (state.validated) return [];
    if (state.arn !== arn) return { unfixable: elsewhere(state.arn, account) };
    return [{ do: validation(arn, true), undo: validation(arn, false) }];
  },

  list: listTrails,
});

// What is left out stays as it is.
const validation = (Name: string, EnableLogFileValidation: boolean) => new UpdateTrailCommand({ Name, EnableLogFileValidation });
