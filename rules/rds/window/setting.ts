import * as z from 'zod';
import type { AwsCommand, Obstacle, Plan } from '../../rule';

/** A setting that is turned on in the maintenance window, if not said otherwise. */
export type Setting = {
  readonly on: boolean;
  /** The window in which it is turned on, where that is decided. */
  readonly window?: string;
  /** Whether other changes wait for the window. */
  readonly others?: true;
  readonly status?: string;
  /** Why there is no such setting. */
  readonly none?: string;
};

export const whenParameters = z.strictObject({
  applyImmediately: z
    .boolean()
    .default(false)
    .describe(
      'Whether the change is made at once, and not in the maintenance window. Where other changes wait for that window it is made there all the same: AWS would apply those at once too.',
    ),
});

/** How long a change in the maintenance window can take to show, in seconds: the next window is a week away at most. */
export const windowSettle = 8 * 86_400;

/** What is decided for the window, apart from one setting. */
export const waiting = (decided: boolean | undefined, others: object, window = 'unknown'): Pick<Setting, 'window' | 'others'> => ({
  ...(decided && { window }),
  ...(Object.values(others).some((value) => value !== undefined) && { others: true as const }),
});

/** The change that turns a setting on. */
export function turningOn(
  { on, window, others, status, none }: Setting,
  { applyImmediately }: z.infer<typeof whenParameters>,
  obstacle: (status: string) => Obstacle,
  turn: (on: boolean, now: boolean) => AwsCommand,
): Plan {
  if (on) return [];
  if (none !== undefined) return { unfixable: none };
  if (window !== undefined) return { blocked: `The change is made in the maintenance window (${window}, UTC).` };
  if (status !== undefined) return obstacle(status);
  return [{ do: turn(true, applyImmediately && others === undefined), undo: turn(false, false) }];
}

/** The command that takes the change back, whether it was made already or waits for the window. */
export const turningOff = ({ on, window }: Setting, turn: (on: boolean, now: boolean) => AwsCommand): readonly AwsCommand[] =>
  on || window !== undefined ? [turn(false, false)] : [];
