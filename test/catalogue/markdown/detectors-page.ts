import type { CatalogueEntry } from '../../../functions/catalogue/catalogue';
import type { DetectorParameter, Rule } from '../../../rules/rule';
import { toArray } from '../../../rules/rule';
import { casesOf } from '../declared-cases';
import { copies, type Documented, documentedOf, earlier, isControl, pageOf } from '../detectors';
import { notDone } from './not-done';
import { ownParameters, unset } from './own-parameters';
import { rolledBack } from './rolled-back';
import { table } from './table';

type Lookup = (detector: string) => Documented | undefined;

/** For auditors: of each control and Config rule that the catalogue covers, what AWS documents, what its rule does, and what it does not do. */
export function detectorsPage(entries: readonly CatalogueEntry[], lookup: Lookup = documentedOf): string {
  const services = [...new Set(entries.map(({ service }) => service))];
  return [
    '# Detectors',
    '',
    'Generated from the rules and from the table of what AWS documents by `npm run rules:page`. Do not edit this page.',
    '',
    'For each control of AWS Security Hub and each AWS Config rule that the [catalogue](README.md) covers: AWS’s page and the day on which it was',
    'read, when AWS evaluates a resource, by which parameters it judges and what becomes of them here, what the rule does, and what it does not do.',
    'The sentences are those of the rules. What AWS’s page says takes precedence.',
    '',
    `${copies} Names that only an earlier page has are of ${earlier}`,
    '',
    ...summary(entries, lookup),
    '',
    '- **Evaluated at a change**: the detector is [asked](../docs/operate.md#detectors-that-disagree) two hours after a fix. **Periodically**: 48 hours',
    '  after it. Where an entry states hours: twice as many after it.',
    '- **Judges by**: the value that AWS uses unless the owner of the detector sets another one. What the policy sets for a rule goes over both.',
    '  A detector without a list has no parameters.',
    '- **`unfixable`**: nothing is changed, and the outcome states the reason. Names in italics stand for values of the resource.',
    '- Exempt resources and suppressed findings are left alone by all rules, and are not repeated here.',
    '- All rules only observe until their mode is `fix`, and ask before each change in the mode `ask`: see the [policy](../docs/policy.md).',
    '',
    `Services: ${services.map((service) => `[${service}](#${service})`).join(', ')}.`,
    ...services.flatMap((service) => [
      '',
      `## ${service}`,
      ...entries.filter((entry) => entry.service === service).flatMap((entry) => section(entry, lookup)),
    ]),
    '',
  ].join('\n');
}

function summary(entries: readonly CatalogueEntry[], lookup: Lookup): readonly string[] {
  const detectors = entries.flatMap(({ rule }) => detectorsOf(rule));
  const count = (name: string, some: readonly string[]) => {
    const known = some.map(lookup);
    const atChange = known.filter((one) => one?.trigger?.startsWith('change')).length;
    return [name, some.length, known.filter((one) => one?.read).length, atChange, some.length - atChange];
  };
  return table(
    ['Detectors', 'Covered', 'Page read', 'Evaluated at a change', 'Periodically'],
    [
      count('Controls', detectors.filter(isControl)),
      count(
        'AWS Config rules',
        detectors.filter((one) => !isControl(one)),
      ),
    ],
  );
}

/** The controls of a rule, each followed by its Config rule, if no later control has the same one; then the other Config rules. */
function detectorsOf({ detectedBy: { securityHub, config } }: Pick<Rule, 'detectedBy'>): readonly string[] {
  const twinOf = (control: string) => config.find((name) => name === documentedOf(control)?.rule);
  const paired = securityHub.flatMap((control, index) => {
    const twin = twinOf(control);
    const isLast = !securityHub.slice(index + 1).some((later) => twinOf(later) === twin);
    return [control, ...(twin !== undefined && isLast ? [twin] : [])];
  });
  return [...paired, ...config.filter((name) => !paired.includes(name))];
}

function section({ rule, service, file }: CatalogueEntry, lookup: Lookup): readonly string[] {
  const { id, title, impact, risk, permissions } = rule;
  const calls = [...new Set(toArray(permissions.change).flatMap(({ actions }) => actions))];
  const own = ownParameters(rule).map((one) => `\`${one.name}\` (${unset(one)})`);
  return [
    '',
    `### ${id}`,
    '',
    `**Expected**: ${title}. ([rule](${service}/README.md#${id}))`,
    '',
    ...detectorsOf(rule).flatMap((detector) => entry(detector, rule, lookup(detector))),
    '',
    '**What the rule does**',
    '',
    `- It changes, and rolls back, with ${calls.map((call) => `\`${call}\``).join(', ')}.`,
    `- Effect: ${impact}`,
    `- Risk: ${risk}. Rollback: ${rolledBack(rule)}.`,
    ...(own.length > 0 ? [`- Its own parameters: ${own.join(', ')}`] : []),
    '',
    '**What it does not do**',
    '',
    ...notDone(rule, casesOf(file)),
  ];
}

function entry(detector: string, rule: Rule, known: Documented | undefined): readonly string[] {
  const name = isControl(detector) ? detector : `\`${detector}\``;
  const parameters = Object.entries(rule.detectorParameters?.[detector] ?? {}).map(
    ([one, parameter]) => `  - \`${one}\`${judgedBy(one, known)}: ${useOf(parameter, rule)}`,
  );
  return [`- [${name}](${pageOf(detector)})${kindOf(detector, rule, known)}: ${readingOf(known)} ${evaluationOf(known)}`, ...parameters];
}

/** Which controls name the Config rule on their pages. */
function kindOf(detector: string, { detectedBy }: Rule, known: Documented | undefined): string {
  if (known?.control !== undefined) return `, a rule of Security Hub itself, which only the page of ${known.control} describes`;
  if (isControl(detector)) return '';
  const controls = detectedBy.securityHub.filter((control) => documentedOf(control)?.rule === detector);
  return controls.length > 0 ? `, the Config rule of ${controls.join(', ')}` : '';
}

const readingOf = (known: Documented | undefined): string =>
  known?.read ? `read on ${known.read}.` : 'not read, as no copy of the page was found.';

function evaluationOf({ trigger = null, within }: Partial<Documented> = {}): string {
  if (trigger === null) return 'Counts as evaluated periodically.';
  const when = { change: 'at a change', periodic: 'periodically', 'change and periodic': 'at a change, and periodically' }[trigger];
  return `Evaluated ${when}.${within ? ` Counts as evaluated within ${within.hours} hours: ${within.why}` : ''}`;
}

function judgedBy(name: string, known: Documented | undefined): string {
  const of = (values: Readonly<Record<string, string | null>> = {}) =>
    Object.entries(values).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
  const unlisted = of(known?.unlisted);
  if (unlisted != null) return ` (not on the page. ${unlisted.replace(/\.$/, '')})`;
  const value = of(known?.parameters);
  return value == null ? '' : `, judges by \`${value}\``;
}

/** What becomes of a parameter of a detector, in words. */
function useOf(parameter: DetectorParameter, rule: Rule): string {
  if ('irrelevant' in parameter) return `not needed. ${parameter.irrelevant}`;
  if ('unmappable' in parameter) {
    const accepted = parameter.except ?? [];
    return accepted.length > 0 ? `accepted only as \`${accepted.join('` or `')}\`` : 'not followed';
  }
  const own = ownParameters(rule).find(({ name }) => name === parameter.sets);
  const absent = parameter.absent ? `, and \`${parameter.absent}\` if the detector does not state it` : '';
  return `sets \`${parameter.sets}\`${own ? ` (${unset(own)})` : ''}${absent}`;
}
