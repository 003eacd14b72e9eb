import {
  DeregisterTargetsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  RegisterTargetsCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';

/** An instance or an address in a target group, with all ports under which it is registered. */
export type Registration = {
  /** The ARN of the target group. */
  readonly group: string;
  readonly id: string;
  readonly ports: readonly number[];
};

// IAM offers no resource-level permission for these.
export const registrationReading: Grant = {
  actions: ['elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeTargetHealth'],
  on: '*',
};

export const registrationChanging: Grant = {
  actions: ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'],
  on: 'arn:{partition}:elasticloadbalancing:{region}:{account}:targetgroup/*/*',
};

export interface Registrations {
  readonly registrations: readonly Registration[];
  /** The ARNs of the target groups in which one of them serves, or may, and nothing else does. */
  readonly lastOf: readonly string[];
}

/** Where instances or addresses with these IDs are registered, in target groups of these VPCs. A target that is being deregistered is not. */
export async function readRegistrations(ids: readonly string[], vpcs: readonly string[], aws: Aws): Promise<Registrations> {
  const groups = await collect(
    (Marker) => aws.send(new DescribeTargetGroupsCommand({ PageSize: 400, Marker })),
    ({ TargetGroups }) => TargetGroups,
    ({ NextMarker }) => NextMarker,
  );
  const arns = groups.flatMap(({ TargetGroupArn, TargetType, VpcId = '' }) =>
    TargetGroupArn && (TargetType === 'instance' || TargetType === 'ip') && vpcs.includes(VpcId) ? [TargetGroupArn] : [],
  );
  const found: Registration[] = [];
  const lastOf: string[] = [];
  for (const group of arns.toSorted()) {
    const answer = await undefinedOn(
      ['TargetGroupNotFoundException'],
      aws.send(new DescribeTargetHealthCommand({ TargetGroupArn: group })),
    );
    const registered = (answer?.TargetHealthDescriptions ?? []).filter(
      ({ TargetHealth }) => TargetHealth?.State !== 'draining' && TargetHealth?.Reason !== 'Target.NotRegistered',
    );
    if (isLast(registered, ids)) lastOf.push(group);
    for (const id of ids) {
      const ports = registered.flatMap(({ Target }) => (Target?.Id === id && Target.Port !== undefined ? [Target.Port] : []));
      if (ports.length > 0) found.push({ group, id, ports: ports.toSorted((a, b) => a - b) });
    }
  }
  return { registrations: found, lastOf };
}

/** Without health checks, as for a target of a Lambda function, the state is `unavailable`, and the target serves. */
const serving = ['healthy', 'unavailable'];

/** A target that is not healthy may still serve: where none is healthy, load balancers send requests to all. Nothing is sent to an unused one. */
function isLast(registered: readonly TargetHealthDescription[], ids: readonly string[]): boolean {
  const isOwn = ({ Target }: TargetHealthDescription) => ids.includes(Target?.Id ?? '');
  const serves = registered.some((one) => isOwn(one) && one.TargetHealth?.State !== 'unused');
  return serves && !registered.some((one) => !isOwn(one) && serving.includes(one.TargetHealth?.State ?? ''));
}

const targets = ({ group, id, ports }: Registration) => ({ TargetGroupArn: group, Targets: ports.map((Port) => ({ Id: id, Port })) });

export const deregister = (registration: Registration) => new DeregisterTargetsCommand(targets(registration));
export const register = (registration: Registration) => new RegisterTargetsCommand(targets(registration));
