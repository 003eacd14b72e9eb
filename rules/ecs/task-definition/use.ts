import { DescribeServicesCommand, type Service } from '@aws-sdk/client-ecs';
import type { Aws } from '../../rule';
import { controllerOf } from '../service/controller';
import { listServices } from '../service/list';

/** A service, by its ARN, and its deployment controller. */
export type Using = { readonly service: string; readonly controller: string };

/** The services that run a revision. */
export interface Use {
  /** Services that are configured to run it. */
  readonly services: readonly Using[];
  /** Services that are configured to run another revision, and still have tasks of this one. */
  readonly leaving: readonly string[];
  /** Services that are configured to run the other revision. */
  readonly moved: readonly string[];
}

/** The services of all clusters that run this revision or the other, by their ARNs, sorted. */
export async function readUse(revision: string, other: string | undefined, aws: Aws): Promise<Use> {
  const found: Service[] = [];
  for (const { cluster, services } of await listServices(aws)) {
    // A call describes up to ten services.
    for (let start = 0; start < services.length; start += 10) {
      const ten = new DescribeServicesCommand({ cluster, services: services.slice(start, start + 10) });
      found.push(...((await aws.send(ten)).services ?? []).filter(({ status }) => status === 'ACTIVE'));
    }
  }
  found.sort((a, b) => (arnOf(a) < arnOf(b) ? -1 : 1));
  const using = found.filter(
    (service) => service.taskDefinition === revision || (controllerOf(service) !== 'ECS' && runs(service, revision)),
  );
  return {
    services: using.map((service) => ({ service: arnOf(service), controller: controllerOf(service) })),
    leaving: found.filter((service) => !using.includes(service) && runs(service, revision)).map(arnOf),
    moved: found.filter(({ taskDefinition }) => other !== undefined && taskDefinition === other).map(arnOf),
  };
}

// The ARN may have the old format, without the cluster.
const arnOf = ({ clusterArn = '', serviceName = '' }: Service): string => `${clusterArn.replace(':cluster/', ':service/')}/${serviceName}`;

/** Whether the service may have tasks of this revision. Controllers other than ECS deploy by task sets. */
const runs = ({ deployments = [], taskSets = [] }: Service, revision: string): boolean =>
  [...deployments, ...taskSets].some(({ taskDefinition }) => taskDefinition === revision);
