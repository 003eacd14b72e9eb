import type { Occurrence } from '../../facts';
import type { Group } from '../../numbers/groups';
import { measureDefinitions, measures } from '../../numbers/measures';
import type { Numbers } from '../../numbers/numbers';
import { severities } from '../../numbers/open';
import { ranges } from '../charts/ranges';
import { foreign, html, type Markup } from '../markup';
import { evidence, type Head, table } from '../table';
import { count, duration } from '../texts';

export function timesSection({ all, bySeverity, byAccount, byOwner, byRule, bySource, byStandard, byOccurrence }: Numbers): Markup {
  const inOrder = severities.flatMap((severity) => bySeverity.filter(({ key }) => key === severity));
  const chart = ranges(
    'Time to remediate by severity',
    'From the detection to the verified fix, on a logarithmic scale. The dot is the median; the bar ends at the 90th percentile.',
    inOrder.map(({ key, times }) => ({ label: key, durations: times.remediate })),
  );
  const overview = table(
    'All times, with their definitions',
    ['Time', { number: 'Median' }, { number: 'p90' }, { number: 'n' }, { number: 'Unknown' }, 'Definition'],
    measures.map((measure) => {
      const { n, unknown, median, p90 } = all.times[measure];
      const { title, definition } = measureDefinitions[measure];
      return [title, duration(median), duration(p90), count(n), count(unknown), definition];
    }),
  );
  const groups: readonly (readonly [string, readonly Group[]])[] = [
    ['severity', inOrder],
    ['account', byAccount],
    ['owner', byOwner],
    ['rule', byRule],
    ['source', bySource],
    ['standard', byStandard],
    ['who says when it came about', byOccurrence.map((group) => ({ ...group, key: occurrences[group.key as keyof typeof occurrences] }))],
  ];
  const tables = groups.map(([name, some]) => evidence(`Times by ${name}`, headOf(name), some.map(rowOf)));
  return html`<section aria-labelledby="times"><h2 id="times">Times</h2><h3>Time to remediate by severity</h3>${chart}<h3>All times</h3>${overview}${tables}</section>`;
}

const occurrences: Readonly<Record<Occurrence | 'unknown', string>> = {
  activity: 'GuardDuty, of the first activity',
  change: 'CloudTrail, of the last call that could have brought it about',
  stated: 'The tool that requested the remediation',
  unknown: 'Nobody',
};

const headOf = (name: string): readonly Head[] => [
  `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
  ...measures.flatMap((measure) => {
    const { title } = measureDefinitions[measure];
    return [{ number: `${title}: median` }, { number: 'p90' }, { number: 'n' }, { number: 'unknown' }];
  }),
];

const rowOf = ({ key, times }: Group): readonly (string | Markup)[] => [
  foreign(key),
  ...measures.flatMap((measure) => {
    const { n, unknown, median, p90 } = times[measure];
    return [duration(median), duration(p90), count(n), count(unknown)];
  }),
];
