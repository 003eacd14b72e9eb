import type { Clock } from '../clock';
import type { TrackerSettings } from '../policy/tickets';
import type { Secret } from './secret';
import type { Tracker } from './tracker';
import { trackerOf } from './vendors/tracker-of';

/** The trackers of a function instance: one secret is read once, however often the policy is read again. */
export function trackersBySecret(
  open: (name: string) => Secret,
  clock: Pick<Clock, 'now'>,
): {
  readonly trackerFor: (settings: TrackerSettings) => Tracker;
  /** Has each secret be read again: its credentials were not accepted, and may have been replaced. */
  readonly refused: () => void;
} {
  const secrets = new Map<string, Secret>();
  return {
    trackerFor(settings) {
      const secret = secrets.get(settings.secret) ?? open(settings.secret);
      secrets.set(settings.secret, secret);
      return trackerOf(settings, secret, { clock });
    },
    refused() {
      for (const secret of secrets.values()) secret.refused();
    },
  };
}
