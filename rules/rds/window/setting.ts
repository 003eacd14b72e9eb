import * as z from 'zod';
import type { AwsCommand, Obstacle, Plan } from '../../rule';

/** A setting that takes effect in the maintenance window by default. */
export type Setting = {
  readonly on: boolean;
  /** The window in which the pending change takes effect. */
  readonly window?: string;
  /** Whether other changes wait for the window. */
  readonly others?: true;
  readonly status?: string;
  /** Why there is no such setting. */
  readonly none?: Obstacle;
};

export const whenParameters = z.strictObject({
  applyImmediately: z
    .boolean()
    .default(false)
    .describe(
      'Whether the change takes effect immediately instead of in the maintenance window. If other changes wait for that window, it happens there anyway: AWS would apply them immediately too.',
    ),
});

/** The time in seconds until a change in the maintenance window is visible: the next window is at most a week away. */
export const windowSettle = 8 * 86_400;

/** The pending changes for the window: of the setting, and others. */
export const waiting = (decided: boolean | undefined, others: object, window = 'unknown'): Pick<Setting, 'window' | 'others'> => ({
  ...(decided && { window }),
  ...(Object.values(others).some((value) => value !== undefined) && { others: true as const }),
});

/** The change that enables a setting. */
export function turningOn(
  { on, window, others, status, none }: Setting,
  { applyImmediately }: z.infer<typeof whenParameters>,
  obstacle: (status: string) => Obstacle,
  turn: (on: boolean, now: boolean) => AwsCommand,
): Plan {
  if (on) return [];
  if (none !== undefined) return none;
  if (window !== undefined)
    return { blocked: `The change will be made in the maintenance window (${window}, UTC).`, code: 'waiting-for-maintenance-window' };
  if (status !== undefined) return obstacle(status);
  return [{ do: turn(true, applyImmediately && others === undefined), undo: turn(false, false) }];
}

/** The command that reverts the change, whether it has taken effect or waits for the window. */
export const turningOff = ({ on, window }: Setting, turn: (on: boolean, now: boolean) => AwsCommand): readonly AwsCommand[] =>
  on || window !== undefined ? [turn(false, false)] : [];
