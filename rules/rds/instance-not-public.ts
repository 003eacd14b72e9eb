import { DescribeDBInstancesCommand, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { unless } from '../absence';
import { collect } from '../pages';
import { defineRule, gone } from '../rule';
import { dbInstance } from './db-instance/resource';

// In these the instance is at work, and takes changes other than to its storage.
const open = ['available', 'storage-optimization', 'storage-initialization'];

// These do not pass by themselves. In all others AWS is at work on the instance.
const stuck =
  /^(failed|stopped|restore-error|insufficient-capacity|upgrade[_-]failed|inaccessible-encryption-credentials.*|incompatible-.*)$/;

// Only a Multi-AZ DB cluster has members with these engines; Aurora's own engines are named otherwise.
const clusteredEngines = ['mysql', 'postgres'];

/** Of a public instance, what stands in the way of a change: a `status` other than available, its Multi-AZ DB `cluster`. */
type State = { readonly publiclyAccessible: boolean; readonly status?: string; readonly cluster?: string };

const instances = 'arn:{partition}:rds:{region}:{account}:db:*';

export default defineRule({
  id: 'rds-instance-not-public',
  title: 'RDS DB instances have no public address',
  why: 'With a public address, a weak password or one lax security group is all that is between a database and the internet.',
  impact: "Clients outside the instance's VPC, and the networks joined to it, can no longer connect. Clients inside are not disturbed.",
  severity: 'critical',
  risk: 'disruptive',
  resource: dbInstance,
  detectedBy: { securityHub: ['RDS.2'], config: ['rds-instance-public-access-check'] },
  permissions: {
    inspect: { actions: ['rds:DescribeDBInstances'], on: instances },
    change: { actions: ['rds:ModifyDBInstance'], on: instances },
  },
  clients: [RDSClient],
  commands: [ModifyDBInstanceCommand],
  settle: 1800,

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const query = new DescribeDBInstancesCommand({ DBInstanceIdentifier: id });
    const answer = await unless(['DBInstanceNotFoundFault'], aws.send(query));
    const instance = answer?.DBInstances?.[0];
    if (!instance) return gone;
    const { PubliclyAccessible, DBInstanceStatus: status = 'unknown', DBClusterIdentifier: cluster, Engine = '' } = instance;
    if (!PubliclyAccessible) return { publiclyAccessible: false };
    return {
      publiclyAccessible: true,
      ...(!open.includes(status) && { status }),
      ...(cluster !== undefined && clusteredEngines.includes(Engine) && { cluster }),
    };
  },

  plan({ id }, { publiclyAccessible, status, cluster }) {
    if (!publiclyAccessible) return [];
    if (cluster !== undefined)
      return {
        unfixable: `The instance is a member of the Multi-AZ DB cluster ${cluster}, whose members can't be changed, and whose public access is set when it is created: restore it into a new cluster without.`,
      };
    if (status !== undefined && stuck.test(status))
      return { unfixable: `The instance is ${status}, and AWS RDS changes nothing about it until somebody has put that right.` };
    if (status !== undefined) return { blocked: `The instance is ${status}; AWS RDS takes changes when it is available again.` };
    return [{ do: access(id, false), undo: access(id, true) }];
  },

  list: (_, aws) =>
    collect(
      (Marker) => aws.send(new DescribeDBInstancesCommand({ Marker })),
      ({ DBInstances = [] }) => DBInstances.flatMap(({ DBInstanceIdentifier }) => DBInstanceIdentifier ?? []),
      ({ Marker }) => Marker,
    ),
});

// Applied at once in any case. ApplyImmediately would apply all else that waits for the maintenance window too.
const access = (DBInstanceIdentifier: string, PubliclyAccessible: boolean) =>
  new ModifyDBInstanceCommand({ DBInstanceIdentifier, PubliclyAccessible });
