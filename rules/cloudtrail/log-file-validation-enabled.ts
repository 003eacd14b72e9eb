import { CloudTrailClient, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { defineRule, notFound } from '../rule';
import { elsewhere, listTrails, readTrail, trailReading } from './trail/read';
import { trail, trailUpdating } from './trail/resource';

export default defineRule({
  id: 'cloudtrail-log-file-validation-enabled',
  title: 'CloudTrail trails have log file validation enabled',
  why: 'Without signed digests, nobody can tell whether log files were changed or deleted.',
  impact: 'CloudTrail writes a small signed digest file each hour; Amazon S3 charges for storage.',
  severity: 'low',
  risk: 'safe',
  resource: trail,
  independentUndo: true,
  property: 'EnableLogFileValidation',
  detectedBy: { securityHub: ['CloudTrail.4'], config: ['cloud-trail-log-file-validation-enabled'] },
  permissions: {
    inspect: trailReading,
    change: trailUpdating,
  },
  clients: [CloudTrailClient],
  commands: [UpdateTrailCommand],

  async inspect(resource, aws) {
    const found = await readTrail(resource, aws);
    return found ? { arn: found.TrailARN ?? '', validated: found.LogFileValidationEnabled ?? false } : notFound;
  },

  plan({ arn, account }, state) {
    if (state.validated) return [];
    if (state.arn !== arn) return elsewhere(state.arn, account);
    return [{ do: validation(arn, true), undo: validation(arn, false) }];
  },

  list: listTrails,
});

// Omitted settings do not change.
const validation = (Name: string, EnableLogFileValidation: boolean) => new UpdateTrailCommand({ Name, EnableLogFileValidation });
