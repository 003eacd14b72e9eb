/** A query that Athena keeps for auditors. */
export interface SavedQuery {
  /** The question that it answers. */
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

/** What a saved query needs to know of a rule. */
export interface RuleOfQuery {
  readonly id: string;
  readonly severity: string;
}

/** By default, the last quarter. An event is in the partition of the day on which it was archived. */
const quarter = `day >= date_format(current_date - interval '92' day, '%Y-%m-%d')`;

/** Only the control function writes there, and only for requests of operators. */
const byOperators = `trail LIKE 'control/%'`;
/** The functions of the rules write there: not the command line of a user, who may write what they like. */
const byFunctions = `NOT regexp_like(trail, '^(control|requests|local)/')`;

/** An event can be in two batches, after a retry: hence DISTINCT. */
const select = (fields: readonly string[], where: string) => `SELECT DISTINCT ${[...fields, ...about].map(column).join(', ')}
FROM log
WHERE ${quarter}
  AND ${where}
ORDER BY time`;

const column = (field: string) => `event.${field} AS ${field}`;
const about = ['rule', 'account', 'region', 'resource', 'remediation'];

/** The questions of auditors. `rules`: of the deployment, as events do not have the severity. */
export const savedQueries = (rules: readonly RuleOfQuery[]): readonly SavedQuery[] => [
  {
    name: 'Who approved what',
    description: 'Approvals, refused approvals and rejections of the last quarter.',
    sql: select(
      ['time', 'kind', 'actor', 'reason', 'code', 'plan'],
      `${byOperators}\n  AND event.kind IN ('approved', 'approval-refused', 'rejected')`,
    ),
  },
  {
    name: 'What operators requested',
    description: 'All requests of operators of the last quarter: stops, rollbacks, releases, closed circuit breakers, approvals.',
    sql: select(['time', 'kind', 'outcome', 'actor', 'reason'], byOperators),
  },
  {
    name: 'Times to fix by severity',
    description:
      'From the detection to the verification, in seconds, of the fixes of the last quarter: the median, and what nine of ten do not exceed.',
    sql: `WITH severities (rule, severity) AS (VALUES
${rules.map(({ id, severity }) => `  ('${id}', '${severity}')`).join(',\n')}
),
fixed AS (
  SELECT DISTINCT trail, event.rule AS rule,
    date_diff('second', from_iso8601_timestamp(event.times.detected), from_iso8601_timestamp(event.times.verified)) AS seconds
  FROM log
  WHERE ${quarter}
    AND ${byFunctions}
    AND event.kind = 'verified'
    AND event.outcome = 'fixed'
)
SELECT coalesce(severities.severity, 'unknown') AS severity,
  count(*) AS fixes,
  count(*) - count(seconds) AS without_times,
  approx_percentile(seconds, 0.5) AS median,
  approx_percentile(seconds, 0.9) AS nine_of_ten
FROM fixed
LEFT JOIN severities ON severities.rule = fixed.rule
GROUP BY 1
ORDER BY 1`,
  },
  {
    name: 'What failed',
    description: 'Fixes and rollbacks of the last quarter that failed, or are incomplete.',
    sql: select(
      ['time', 'outcome', 'code', 'reason'],
      `${byFunctions}\n  AND event.outcome IN ('failed', 'incomplete', 'unverified', 'rollback-failed')`,
    ),
  },
  {
    name: 'What is exempt',
    description: 'Findings of the last quarter that the policy, a tag, a suppression, a rejection or a rollback exempts.',
    sql: select(
      ['time', 'outcome', 'code', 'reason', 'until'],
      `${byFunctions}\n  AND event.outcome IN ('exempt', 'suppressed', 'rejected')`,
    ),
  },
  {
    name: 'Changes of a resource',
    description: 'All changes of a resource, and their rollbacks. The parameter is its ARN in quotes.',
    sql: `SELECT DISTINCT event.time AS time, event.kind AS kind, event.outcome AS outcome, event.actor AS actor,
  event.approvedBy AS approved_by, event.reason AS reason,
  array_join(transform(event.changes, change -> change.do.service || ':' || change.do.operation), ', ') AS calls,
  event.rule AS rule, event.remediation AS remediation, trail, sequence
FROM log
WHERE event.resource = ?
  AND event.kind IN ('planned', 'applied', 'verified', 'failed', 'reverted', 'incomplete', 'rollback-requested', 'rolled-back', 'rollback-refused', 'rollback-failed')
ORDER BY time, trail, sequence`,
  },
  {
    name: 'Outcomes by month',
    description: 'How many remediations of each rule came to which outcome, by month, since the beginning.',
    sql: `SELECT substr(event.time, 1, 7) AS month, event.rule AS rule, event.outcome AS outcome, count(DISTINCT trail) AS remediations
FROM log
WHERE ${byFunctions}
  AND event.outcome IS NOT NULL
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3`,
  },
  {
    name: 'What is no ordinary event',
    description:
      'Lines that were filled in from the table, that are no event of the app, or that contradict another line of the same event.',
    sql: `SELECT min(day) AS day, trail, sequence,
  coalesce(bool_or(refilled), false) AS refilled,
  bool_or(event IS NULL) AS no_event,
  count(DISTINCT coalesce(event.hash, '')) > 1 AS contradictory
FROM log
GROUP BY trail, sequence
HAVING bool_or(refilled) OR bool_or(event IS NULL) OR count(DISTINCT coalesce(event.hash, '')) > 1
ORDER BY 1, 2, 3`,
  },
];
