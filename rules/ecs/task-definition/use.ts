import { DescribeServicesCommand, type Service } from '@aws-sdk/client-ecs';
import type { Aws } from '../../rule';
import { controllerOf } from '../service/controller';
import { listServices } from '../service/list';

/** A service by its ARN, which names its cluster, and who makes its deployments. */
export type Using = { readonly service: string; readonly controller: string };

/** Which services run a revision. */
export interface Use {
  /** Those that shall run it. */
  readonly services: readonly Using[];
  /** Those that shall run another, and still have tasks of this one. */
  readonly leaving: readonly string[];
  /** Those that shall run the other revision. */
  readonly moved: readonly string[];
}

/** Which services of all clusters run this revision, and which the other; by their ARNs, sorted. */
export async function readUse(revision: string, other: string | undefined, aws: Aws): Promise<Use> {
  const found: Service[] = [];
  for (const { cluster, services } of await listServices(aws)) {
    // ECS describes ten at once.
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

// The ARN that AWS gives may be of the old format, which leaves the cluster out.
const arnOf = ({ clusterArn = '', serviceName = '' }: Service): string => `${clusterArn.replace(':cluster/', ':service/')}/${serviceName}`;

/** Whether any task may be of this revision; other controllers than that of ECS deploy by task sets. */
const runs = ({ deployments = [], taskSets = [] }: Service, revision: string): boolean =>
  [...deployments, ...taskSets].some(({ taskDefinition }) => taskDefinition === revision);
