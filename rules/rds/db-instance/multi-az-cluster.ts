import type { DBInstance } from '@aws-sdk/client-rds';

// Aurora engines have other names.
const engines = ['mysql', 'postgres'];

/** The Multi-AZ DB cluster of an instance, if it is a member of one. RDS changes only the cluster, not its members. */
export const multiAzClusterOf = ({ DBClusterIdentifier, Engine = '' }: DBInstance): string | undefined =>
  engines.includes(Engine) ? DBClusterIdentifier : undefined;
