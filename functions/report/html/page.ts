import { createHash } from 'node:crypto';
import type { Report } from '../report';
import { html, type Markup } from './markup';
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
import { style } from './style';
import { day, minute } from './texts';

const links = [
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

/** Nothing but the one style sheet: no script, no image, no font, no request. */
const contentPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** The report as one HTML file that needs nothing else. */
export function reportPage(report: Report): string {
  const { numbers, integrity, scope, made, version } = report;
  const { since, until } = numbers.span;
  const title = `Posture report, ${day(since)} to ${day(until)}`;
  const page: Markup = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${{ markup: contentPolicy }}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>${title}</title><style>${{ markup: style }}</style></head>
<body><a class="skip" href="#summary">Skip to the summary</a>
<header><h1>Posture report</h1><p class="scope">${minute(since)} to ${minute(until)} UTC · ${scope}</p><nav aria-label="Sections"><ul>${links.map(([id, label]) => html`<li><a href="#${id}">${label}</a></li>`)}</ul></nav></header>
<main>${summarySection(numbers)}${outcomesSection(numbers)}${timesSection(numbers)}${effectivenessSection(numbers)}${accountsSection(numbers)}${openSection(numbers)}${recurringSection(numbers)}${peopleSection(numbers)}${integritySection(integrity)}${definitionsSection()}</main>
<footer><p>Made ${minute(made)} UTC by Posture remediator ${version} from the audit log. To read all events of a remediation: <code>posture log --remediation &lt;rule&gt;/&lt;id&gt;</code></p></footer></body></html>
`;
  return page.markup;
}
