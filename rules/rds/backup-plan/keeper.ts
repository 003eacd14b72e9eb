import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';

/** Why the days of automated backups can't be set with RDS, in a sentence; undefined where they can. */
export const keptByPlan = ({ AwsBackupRecoveryPointArn: point }: DBCluster | DBInstance): string | undefined =>
  point === undefined
    ? undefined
    : `AWS Backup keeps the automated backups (${point}), and its backup plan alone says for how many days: change it there.`;
