import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { Obstacle } from '../../rule';

/** Why the retention of automated backups can't be set in RDS; undefined if it can. */
export const keptByPlan = ({ AwsBackupRecoveryPointArn: point }: DBCluster | DBInstance): Obstacle | undefined =>
  point === undefined
    ? undefined
    : {
        unfixable: `AWS Backup manages the automated backups (${point}), and its backup plan sets the retention. Change it there.`,
        code: 'managed-by-backup-plan',
      };
