import { ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { defineRule, gone } from '../rule';
import { describeInstance, instances, listInstances } from './db-instance/describe';
import { multiAzClusterOf } from './db-instance/multi-az-cluster';
import { dbInstance } from './db-instance/resource';
import { hindrance, obstacleBy } from './status/obstacle';

/** Of a public instance, what stands in the way of a change: a `status` other than available, its Multi-AZ DB `cluster`. */
type State = { readonly publiclyAccessible: boolean; readonly status?: string; readonly cluster?: string };

export default defineRule({
  id: 'rds-instance-not-public',
  title: 'RDS DB instances have no public address',
  why: 'With a public address, a weak password or one lax security group is all that is between a database and the internet.',
  impact: "Clients outside the instance's VPC, and the networks joined to it, can no longer connect. Clients inside are not disturbed.",
  severity: 'critical',
  risk: 'disruptive',
  resource: dbInstance,
  property: 'PubliclyAccessible',
  detectedBy: { securityHub: ['RDS.2'], config: ['rds-instance-public-access-check'] },
  permissions: {
    inspect: { actions: ['rds:DescribeDBInstances'], on: instances },
    change: { actions: ['rds:ModifyDBInstance'], on: instances },
  },
  clients: [RDSClient],
  commands: [ModifyDBInstanceCommand],
  settle: 1800,

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const instance = await describeInstance(id, aws);
    if (!instance) return gone;
    if (!instance.PubliclyAccessible) return { publiclyAccessible: false };
    const cluster = multiAzClusterOf(instance);
    return { publiclyAccessible: true, ...hindrance(instance.DBInstanceStatus), ...(cluster !== undefined && { cluster }) };
  },

  plan({ id }, { publiclyAccessible, status, cluster }) {
    if (!publiclyAccessible) return [];
    if (cluster !== undefined)
      return {
        unfixable: `The instance is a member of the Multi-AZ DB cluster ${cluster}, whose members can't be changed, and whose public access is set when it is created: restore it into a new cluster without.`,
      };
    if (status !== undefined) return obstacleBy('instance', status);
    return [{ do: access(id, false), undo: access(id, true) }];
  },

  list: (_, aws) => listInstances(aws),
});

// Applied at once in any case. ApplyImmediately would apply all else that waits for the maintenance window too.
const access = (DBInstanceIdentifier: string, PubliclyAccessible: boolean) =>
  new ModifyDBInstanceCommand({ DBInstanceIdentifier, PubliclyAccessible });
