/** The limits of the storm: changes in an hour. */
export interface Limits {
  readonly all: number;
  readonly account: number;
  readonly rule: number;
}

export type Weather = 'fair' | 'observe' | 'ask' | 'off' | 'limit' | 'unreadable';

export const operator = 'arn:aws:sts::999999999999:assumed-role/OnCall/alice';

/** The text of the policy that is deployed in that weather. */
export function policyText(weather: Weather, { all, account, rule }: Limits): string {
  if (weather === 'unreadable') return '{ "modes": ';
  const mode = weather === 'observe' || weather === 'ask' || weather === 'off' ? weather : 'fix';
  const part = weather === 'limit' ? 0.2 : 1;
  const limit = (hour: number) => ({ hour: Math.max(1, Math.floor(hour * part)) });
  return JSON.stringify({
    modes: { default: mode, clauses: [{ mode, risks: ['safe', 'disruptive'] }] },
    limits: { all: limit(all), account: limit(account), rule: limit(rule), beyond: 'defer' },
    breaker: { failures: 5, rollbacks: 1000 },
    driftLoops: { fixes: 50, days: 7 },
    approvals: { approvers: [{ principals: [operator] }], hours: 48, fourEyes: false },
    rollbacks: { exemptDays: 30 },
    notifications: { perMinute: 1000 },
  });
}
