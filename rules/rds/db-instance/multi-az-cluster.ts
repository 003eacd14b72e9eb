import type { DBInstance } from '@aws-sdk/client-rds';

// Aurora's own engines are named otherwise.
const engines = ['mysql', 'postgres'];

/** The Multi-AZ DB cluster that an instance is a member of, if it is. Its members can't be changed, the cluster can. */
export const multiAzClusterOf = ({ DBClusterIdentifier, Engine = '' }: DBInstance): string | undefined =>
  engines.includes(Engine) ? DBClusterIdentifier : undefined;
