import { groupBy } from '../group-by';
import { severities } from '../numbers/open';
import type { Part } from './charts/drawing';
import { rows } from './charts/rows';
import { foreign, html, type Markup } from './markup';
import { shell } from './shell';
import { evidence, table } from './table';
import { count, counted, minute } from './texts';

/** What would happen to a resource. */
export interface Foreseen {
  /** Of the rule. */
  readonly severity: string;
  readonly account: string;
  readonly resource: string;
  readonly rule: string;
  /** One of `results`. */
  readonly result: string;
  readonly reason: string;
  /** The calls that would be made. */
  readonly changes: readonly string[];
}

/** A possible result: how it is drawn, and what it means. */
export interface PossibleResult {
  readonly result: string;
  readonly className: string;
  readonly label: string;
}

export interface ForecastPage {
  readonly heading: string;
  readonly scope: string;
  readonly results: readonly PossibleResult[];
  readonly all: readonly Foreseen[];
  /** What could not be checked, with the reasons. */
  readonly unchecked: readonly (readonly [string, string])[];
  /** In milliseconds since 1970. */
  readonly made: number;
  readonly version: string;
}

const maxBars = 20;

/** What would change, before anything is switched on: by severity, account and rule, with each resource. */
export function forecastPage({ heading, scope, results, all, unchecked, made, version }: ForecastPage): string {
  const partsOf = (some: readonly Foreseen[]): readonly Part[] =>
    [...groupBy(results, ({ className }) => className)].map(([className, alike]) => ({
      className,
      label: alike.map(({ label }) => label).join(', '),
      value: some.filter((one) => alike.some(({ result }) => result === one.result)).length,
    }));
  const chart = (title: string, keys: readonly (readonly [string, readonly Foreseen[]])[]): Markup =>
    rows(
      title,
      keys.length > maxBars ? `The ${maxBars} of ${keys.length} with the most results.` : 'Each resource and rule counts once.',
      keys.slice(0, maxBars).map(([label, some]) => ({ label, note: count(some.length), parts: partsOf(some) })),
      'counts',
    );
  const by = (keyOf: (one: Foreseen) => string) => [...groupBy(all, keyOf)].toSorted(([, a], [, b]) => b.length - a.length);
  const inOrder = severities.flatMap((severity) => by((one) => one.severity).filter(([key]) => key === severity));
  const said = results.flatMap(({ result, label }) => {
    const some = all.filter((one) => one.result === result).length;
    return some === 0 ? [] : [`${count(some)} ${label}`];
  });
  const tables = results.map(({ result, label }) =>
    evidence(`Each: ${label}`, head, all.filter((one) => one.result === result).map(rowOf)),
  );
  const left =
    unchecked.length === 0
      ? html`<p>Everything could be checked.</p>`
      : table(
          'What could not be checked',
          ['What', 'Reason'],
          unchecked.map(([what, why]) => [foreign(what), foreign(why)]),
        );
  return shell({
    title: heading,
    heading,
    scope,
    sections: [
      ['summary', 'Summary'],
      ['severity', 'By severity'],
      ['account', 'By account'],
      ['rule', 'By rule'],
      ['each', 'Each resource'],
      ['unchecked', 'Not checked'],
    ],
    content: [
      html`<section aria-labelledby="summary"><h2 id="summary">Summary</h2><p class="lead">${counted(all.length, 'result', 'results')}: ${said.join(', ') || 'none'}. No changes were made.</p></section>`,
      html`<section aria-labelledby="severity"><h2 id="severity">By severity</h2>${chart('Results by severity', inOrder)}</section>`,
      html`<section aria-labelledby="account"><h2 id="account">By account</h2>${chart(
        'Results by account',
        by(({ account }) => account),
      )}</section>`,
      html`<section aria-labelledby="rule"><h2 id="rule">By rule</h2>${chart(
        'Results by rule',
        by(({ rule }) => rule),
      )}</section>`,
      html`<section aria-labelledby="each"><h2 id="each">Each resource</h2>${tables}</section>`,
      html`<section aria-labelledby="unchecked"><h2 id="unchecked">Not checked</h2>${left}</section>`,
    ],
    foot: html`<p>Made ${minute(made)} UTC by Posture remediator ${version}.</p>`,
  });
}

const head = ['Resource', 'Rule', 'Account', 'Severity', 'Changes', 'Reason'] as const;

const rowOf = ({ resource, rule, account, severity, changes, reason }: Foreseen): readonly (string | Markup)[] => [
  foreign(resource),
  rule,
  account,
  severity,
  changes.length === 0 ? '–' : foreign(changes.join('; ')),
  foreign(reason),
];
