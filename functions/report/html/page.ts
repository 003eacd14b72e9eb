import type { Report } from '../report';
import { html } from './markup';
import { accountsSection } from './sections/accounts';
import { definitionsSection } from './sections/definitions';
import { effectivenessSection } from './sections/effectiveness';
import { integritySection } from './sections/integrity';
import { openSection } from './sections/open';
import { outcomesSection } from './sections/outcomes';
import { peopleSection } from './sections/people';
import { recurringSection } from './sections/recurring';
import { summarySection } from './sections/summary';
import { timesSection } from './sections/times';
import { shell } from './shell';
import { day, minute } from './texts';

const sections = [
  ['summary', 'Summary'],
  ['outcomes', 'Outcomes'],
  ['times', 'Times'],
  ['effectiveness', 'Effectiveness'],
  ['accounts', 'Accounts'],
  ['open', 'Open'],
  ['recurring', 'Recurring'],
  ['exemptions', 'Exemptions'],
  ['approvals', 'Approvals'],
  ['stops', 'Stops'],
  ['integrity', 'Integrity'],
  ['definitions', 'Definitions'],
] as const;

/** The report as one HTML file that needs nothing else. */
export function reportPage({ numbers, integrity, scope, made, version }: Report): string {
  const { since, until } = numbers.span;
  return shell({
    title: `Posture report, ${day(since)} to ${day(until)}`,
    heading: 'Posture report',
    scope: `${minute(since)} to ${minute(until)} UTC · ${scope}`,
    sections,
    content: [
      summarySection(numbers),
      outcomesSection(numbers),
      timesSection(numbers),
      effectivenessSection(numbers),
      accountsSection(numbers),
      openSection(numbers),
      recurringSection(numbers),
      peopleSection(numbers),
      integritySection(integrity),
      definitionsSection(),
    ],
    foot: html`<p>Made ${minute(made)} UTC by Posture remediator ${version} from the audit log. To read all events of a remediation: <code>posture log --remediation &lt;rule&gt;/&lt;id&gt;</code></p>`,
  });
}
