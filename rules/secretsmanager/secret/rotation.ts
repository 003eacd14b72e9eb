import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  RotateSecretCommand,
  type RotationRulesType,
} from '@aws-sdk/client-secrets-manager';
import { undefinedOn } from '../../absence';
import type { Aws, Change, Obstacle, Resource } from '../../rule';

/** The rotation of a secret: its function, interval (`days`, or the `schedule` that determines them) and window. */
export type Rotation = {
  readonly isOn: boolean;
  readonly function?: string;
  readonly days?: number;
  readonly schedule?: string;
  readonly duration?: string;
  /** Why only its owner can set the rotation, or nobody. */
  readonly outOfReach?: Obstacle;
};

/** A secret as AWS describes it; undefined if it does not exist. */
export const describeSecret = (arn: string, aws: Aws): Promise<DescribeSecretCommandOutput | undefined> =>
  undefinedOn(['ResourceNotFoundException'], aws.send(new DescribeSecretCommand({ SecretId: arn })));

export function rotationOf(found: DescribeSecretCommandOutput, region: string): Rotation {
  const { RotationEnabled: isOn = false, RotationLambdaARN, RotationRules } = found;
  const { AutomaticallyAfterDays: days, ScheduleExpression: schedule, Duration: duration } = RotationRules ?? {};
  const outOfReach = reasonWhyNot(found, region);
  return {
    isOn,
    ...(RotationLambdaARN && { function: RotationLambdaARN }),
    ...(days && { days }),
    ...(schedule && { schedule }),
    ...(duration && { duration }),
    ...(outOfReach !== undefined && { outOfReach }),
  };
}

function reasonWhyNot(
  { DeletedDate, OwningService, PrimaryRegion, Type }: DescribeSecretCommandOutput,
  region: string,
): Obstacle | undefined {
  if (DeletedDate) return { unfixable: 'The secret is scheduled for deletion, and is not rotated.', code: 'pending-deletion' };
  if (OwningService)
    return {
      unfixable: `The service ${OwningService} manages this secret. Configure rotation through that service.`,
      code: 'owned-by-service',
    };
  if (Type)
    return {
      unfixable: `The secret is held by an AWS partner (${Type}) and rotates without a function of yours. Configure rotation there.`,
      code: 'owned-by-partner',
    };
  if (PrimaryRegion && PrimaryRegion !== region)
    return {
      unfixable: `The secret is a replica of a secret in ${PrimaryRegion}, and rotates with it. Configure rotation for the primary secret.`,
      code: 'replica',
    };
  return undefined;
}

/** The rotation rules for a command, in which days and schedule exclude each other; undefined if none were ever set. */
export function rulesOf({ days, schedule, duration }: Rotation): RotationRulesType | undefined {
  const window = duration === undefined ? {} : { Duration: duration };
  if (schedule !== undefined) return { ScheduleExpression: schedule, ...window };
  return days === undefined ? undefined : { AutomaticallyAfterDays: days, ...window };
}

export const outOfReach = ({ outOfReach: reason }: Rotation): Obstacle | undefined => reason;

/** The rules with a shorter interval, if the present one exceeds the given days; undefined otherwise. */
export function oftenEnough({ days, duration }: Rotation, maxDays: number | undefined): RotationRulesType | undefined {
  if (maxDays === undefined || days === undefined || days <= maxDays) return undefined;
  return { AutomaticallyAfterDays: maxDays, ...(duration !== undefined && { Duration: duration }) };
}

/** The change that makes a secret rotate at least every given number of days; none if it does already. */
export function moreOften({ arn }: Resource, rotation: Rotation, maxDays: number | undefined): readonly Change[] {
  const before = rulesOf(rotation);
  const after = oftenEnough(rotation, maxDays);
  if (before === undefined || after === undefined) return [];
  const set = (RotationRules: RotationRulesType) => new RotateSecretCommand({ SecretId: arn, RotationRules, RotateImmediately: false });
  const nearest = 'The schedule is restored, but AWS reports its interval in days only after the next rotation.';
  return [{ do: set(after), undo: set(before), ...(rotation.schedule !== undefined && { nearest }) }];
}

/** Whether the secret rotates as before, or not at all as before. What AWS keeps of a rotation that is off has no effect. */
export const isRestored = (now: Rotation, before: Rotation): boolean =>
  now.isOn === before.isOn && (!now.isOn || JSON.stringify(rulesOf(now)) === JSON.stringify(rulesOf(before)));
