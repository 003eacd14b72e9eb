import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  RotateSecretCommand,
  type RotationRulesType,
} from '@aws-sdk/client-secrets-manager';
import { unless } from '../../absence';
import type { Aws, Change, Obstacle, Resource } from '../../rule';

/** How a secret rotates: by which function, how often (`days`, or the `schedule` that they come of), for how long a window. */
export type Rotation = {
  readonly isOn: boolean;
  readonly function?: string;
  readonly days?: number;
  readonly schedule?: string;
  readonly duration?: string;
  /** Why nobody but its maker can set its rotation, or nobody at all. */
  readonly outOfReach?: string;
};

/** A secret as AWS describes it; undefined where there is none. */
export const describeSecret = (arn: string, aws: Aws): Promise<DescribeSecretCommandOutput | undefined> =>
  unless(['ResourceNotFoundException'], aws.send(new DescribeSecretCommand({ SecretId: arn })));

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
): string | undefined {
  if (DeletedDate) return 'The secret is about to be deleted, and does not rotate until then.';
  if (OwningService) return `The service ${OwningService} made this secret, and manages it: its rotation has to be set there.`;
  if (Type) return `The secret is held by a partner of AWS (${Type}), who rotates it without a function of yours: set that there.`;
  if (PrimaryRegion && PrimaryRegion !== region)
    return `The secret is a replica of one in ${PrimaryRegion}, and rotates with that: look at that one.`;
  return undefined;
}

/** How often it rotates, as AWS takes it: the days and the schedule exclude each other. Undefined where it was never said. */
export function rulesOf({ days, schedule, duration }: Rotation): RotationRulesType | undefined {
  const window = duration === undefined ? {} : { Duration: duration };
  if (schedule !== undefined) return { ScheduleExpression: schedule, ...window };
  return days === undefined ? undefined : { AutomaticallyAfterDays: days, ...window };
}

export const outOfReach = ({ outOfReach: reason }: Rotation): Obstacle | undefined =>
  reason === undefined ? undefined : { unfixable: reason };

/** How often it has to rotate instead, where it does so less than every so many days; undefined where it is often enough. */
export function oftenEnough({ days, duration }: Rotation, most: number | undefined): RotationRulesType | undefined {
  if (most === undefined || days === undefined || days <= most) return undefined;
  return { AutomaticallyAfterDays: most, ...(duration !== undefined && { Duration: duration }) };
}

/** Lets a secret that rotates do so at least every so many days from now on; nothing where it does. */
export function moreOften({ arn }: Resource, rotation: Rotation, most: number | undefined): readonly Change[] {
  const before = rulesOf(rotation);
  const after = oftenEnough(rotation, most);
  if (before === undefined || after === undefined) return [];
  const set = (RotationRules: RotationRulesType) => new RotateSecretCommand({ SecretId: arn, RotationRules, RotateImmediately: false });
  const nearest = 'The schedule is as before, but AWS tells how many days that makes only after the next rotation.';
  return [{ do: set(after), undo: set(before), ...(rotation.schedule !== undefined && { nearest }) }];
}
