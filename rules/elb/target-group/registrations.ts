import {
  DeregisterTargetsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  RegisterTargetsCommand,
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

/** Where instances or addresses with these IDs are registered, in target groups of these VPCs. A target that is being deregistered is not. */
export async function readRegistrations(ids: readonly string[], vpcs: readonly string[], aws: Aws): Promise<readonly Registration[]> {
  const groups = await collect(
    (Marker) => aws.send(new DescribeTargetGroupsCommand({ PageSize: 400, Marker })),
    ({ TargetGroups }) => TargetGroups,
    ({ NextMarker }) => NextMarker,
  );
  const arns = groups.flatMap(({ TargetGroupArn, TargetType, VpcId = '' }) =>
    TargetGroupArn && (TargetType === 'instance' || TargetType === 'ip') && vpcs.includes(VpcId) ? [TargetGroupArn] : [],
  );
  const found: Registration[] = [];
  for (const group of arns.toSorted()) {
    const answer = await undefinedOn(
      ['TargetGroupNotFoundException'],
      aws.send(new DescribeTargetHealthCommand({ TargetGroupArn: group })),
    );
    const registered = (answer?.TargetHealthDescriptions ?? []).filter(
      ({ TargetHealth }) => TargetHealth?.State !== 'draining' && TargetHealth?.Reason !== 'Target.NotRegistered',
    );
    for (const id of ids) {
      const ports = registered.flatMap(({ Target }) => (Target?.Id === id && Target.Port !== undefined ? [Target.Port] : []));
      if (ports.length > 0) found.push({ group, id, ports: ports.toSorted((a, b) => a - b) });
    }
  }
  return found;
}

const targets = ({ group, id, ports }: Registration) => ({ TargetGroupArn: group, Targets: ports.map((Port) => ({ Id: id, Port })) });

export const deregister = (registration: Registration) => new DeregisterTargetsCommand(targets(registration));
export const register = (registration: Registration) => new RegisterTargetsCommand(targets(registration));
