import type { Clock } from '../clock';
import type { PagerDutySettings, SlackSettings } from '../policy/channels';
import type { TrackerSettings } from '../policy/tickets';
import { type PagerDuty, pagerDuty } from './pager-duty';
import type { ReadSaid } from './said';
import type { Secret } from './secret';
import { type Slack, slackChannel } from './slack';
import type { Tracker } from './tracker';
import { saidOf } from './vendors/said-of';
import { trackerOf } from './vendors/tracker-of';

/** The vendors of a function instance: one secret is read once, however often the policy is read again. */
export function trackersBySecret(
  open: (name: string) => Secret,
  clock: Pick<Clock, 'now'>,
): {
  readonly trackerFor: (settings: TrackerSettings) => Tracker;
  readonly saidFor: (settings: TrackerSettings) => ReadSaid;
  readonly slackFor: (settings: SlackSettings) => Slack;
  readonly pagerDutyFor: (settings: PagerDutySettings) => PagerDuty;
  /** Has each secret be read again: its credentials were not accepted, and may have been replaced. */
  readonly refused: () => void;
} {
  const secrets = new Map<string, Secret>();
  return {
    trackerFor: (settings) => trackerOf(settings, secretOf(settings), { clock }),
    saidFor: (settings) => saidOf(settings, secretOf(settings), { clock }),
    slackFor: (settings) => slackChannel(settings, secretOf(settings)),
    pagerDutyFor: (settings) => pagerDuty(settings, secretOf(settings)),
    refused() {
      for (const secret of secrets.values()) secret.refused();
    },
  };

  function secretOf({ secret: name }: { readonly secret: string }): Secret {
    const secret = secrets.get(name) ?? open(name);
    secrets.set(name, secret);
    return secret;
  }
}
