import * as z from 'zod';
import { chatText, plainText } from '../notify/neutral';
import type { OutcomeEvent } from '../outcomes/outcome-schema';
import type { PagerDutySettings } from '../policy/channels';
import { send } from './http';
import { field, type Secret } from './secret';
import type { TrackerProblem } from './tracker';

export type PagerDutyAction = 'trigger' | 'acknowledge' | 'resolve';

/** Sends an event about a misconfiguration. The same key stands for the same incident, so that nothing is doubled. Throws a TrackerError. */
export type PagerDuty = (action: PagerDutyAction, key: string, event: OutcomeEvent) => Promise<void>;

const errorShape = z.object({ message: z.string(), errors: z.array(z.string()).default([]) });

/** PagerDuty's own severities. */
const severities = { critical: 'critical', high: 'error', medium: 'warning', low: 'info' } as const;

/** The Events API. Source: developer.pagerduty.com/docs/events-api-v2. */
export function pagerDuty({ url }: PagerDutySettings, secret: Secret, timeout?: number): PagerDuty {
  const api = {
    ...{ vendor: 'PagerDuty', base: url.replace(/\/+$/, ''), secrets: secret.seen, headers: async () => ({}) },
    ...(timeout !== undefined && { timeout }),
    messageIn: (body: unknown) => {
      const { message, errors = [] } = errorShape.safeParse(body).data ?? {};
      return message && [message, ...errors].join(': ');
    },
  };
  return async (event_action, dedup_key, event) => {
    const routing_key = field(await secret.read(), 'routingKey', 'PagerDuty');
    const payload = event_action === 'trigger' && { payload: payloadOf(event) };
    await send(api, { method: 'POST', path: '/v2/enqueue', body: { routing_key, event_action, dedup_key, ...payload } });
  };
}

/** What is wrong with the integration key. It is not tried: each event makes an incident. */
export async function checkRoutingKey(secret: Secret): Promise<readonly TrackerProblem[]> {
  const key = field(await secret.read(), 'routingKey', 'PagerDuty');
  if (/^[A-Za-z0-9]{32}$/.test(key)) return [];
  const message = `The field routingKey of the secret for PagerDuty has ${key.length} characters that are no integration key of 32 letters and digits. Copy the Integration Key of the integration Events API V2; an API key does not work.`;
  return [{ code: 'key-malformed', message }];
}

const payloadOf = ({ rule, resource, account, region, outcome, reason, remediation, time }: OutcomeEvent) => ({
  summary: chatText(`${rule.title}: ${resource.arn} (${account}, ${region})`, 900),
  source: plainText(resource.arn, 900),
  severity: severities[rule.severity],
  timestamp: time,
  component: rule.id,
  group: account,
  // PagerDuty makes links of addresses.
  custom_details: { outcome, reason: plainText(reason, 2000), remediation, account, region, resource: plainText(resource.arn, 2000) },
});
