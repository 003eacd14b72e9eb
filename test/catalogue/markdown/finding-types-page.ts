import type { CatalogueEntry } from '../../../functions/catalogue/catalogue';
import { type Rule, toArray } from '../../../rules/rule';
import { leftToPeople } from '../left-to-people';
import { table } from './table';

/** A finding type with a rule that handles it. */
interface HandledType {
  readonly service: 'GuardDuty' | 'Macie' | 'IAM Access Analyzer' | 'Inspector';
  readonly type: string;
  /** What the finding must also say: `, role ACTOR`. */
  readonly also: string;
  readonly entry: CatalogueEntry;
}

export function handledTypes(entries: readonly CatalogueEntry[]): readonly HandledType[] {
  return entries.flatMap((entry): readonly HandledType[] => {
    const { guardDuty, macie = [], accessAnalyzer = [], inspector } = entry.rule.detectedBy;
    return [
      ...toArray(guardDuty ?? []).flatMap(({ types, resourceRole: role, nativeOnly }) => {
        const also = `${role === undefined ? '' : `, role ${role}`}${nativeOnly ? ', native only' : ''}`;
        return types.map((type) => ({ service: 'GuardDuty', type, also, entry }) as const);
      }),
      ...macie.map((type) => ({ service: 'Macie', type, also: '', entry }) as const),
      ...accessAnalyzer.map((type) => ({ service: 'IAM Access Analyzer', type, also: '', entry }) as const),
      ...(inspector?.types ?? []).map((type) => {
        return { service: 'Inspector', type, also: `, ${inspector?.severities.join(' or ')}`, entry } as const;
      }),
    ];
  });
}

/** Whether a policy can have the rule act without an approval: what can't be undone always waits for one. */
export const mayBeAutomatic = ({ reversible }: Pick<Rule, 'reversible'>): boolean => reversible !== 'never';

/** The finding types of services that report threats, access or vulnerabilities: what each leads to, by whose decision, and which lead to nothing. */
export function findingTypesPage(entries: readonly CatalogueEntry[]): string {
  const handled = handledTypes(entries);
  const sorted = handled
    .map((one) => [one.service, nameOf(one), responseOf(one.entry.rule), linkTo(one.entry), one.entry.rule.title])
    .toSorted((one, other) => one.slice(0, 2).join(' ').localeCompare(other.slice(0, 2).join(' '), 'en'));
  return [
    '# Finding types',
    '',
    'Generated from the rules by `npm run rules:page`.',
    '',
    'Findings of GuardDuty, Macie, IAM Access Analyzer and Inspector that a rule handles, and what it ensures. All other finding types are not processed.',
    '',
    ...table(['Service', 'Finding types', 'Of these, can be automatic'], countsOf(handled)),
    '',
    'The findings are processed as the service sends them, and as both Security Hubs hold them, as [the policy chooses](../docs/operate.md#sources-of-findings). In Security Hub, IAM Access Analyzer reports to Security Hub CSPM alone, and rules marked "native only" process the events of GuardDuty itself.',
    '',
    'What can be automatic is so only if the policy says it. By default, a rule observes or asks. Containment has [a section of the policy of its own](../docs/policy.md#responses).',
    '',
    ...table(['Service', 'Finding type', 'Response', 'Rule', 'The rule ensures'], sorted),
    '',
    '## Without a rule',
    '',
    'No rule handles these, and nothing is logged about them: subscribe to the events of the service itself.',
    '',
    ...table(
      ['Service', 'Finding types', 'Why'],
      leftToPeople.map(({ service, types, why }) => [service, types.map(quoted).join(', '), why]),
    ),
    '',
  ].join('\n');
}

/** Each type once, however many rules handle it. */
function countsOf(handled: readonly HandledType[]): readonly (readonly string[])[] {
  const distinct = (some: readonly HandledType[]): string => String(new Set(some.map(({ type }) => type)).size);
  return [...new Set(handled.map(({ service }) => service))].toSorted().map((service) => {
    const own = handled.filter((one) => one.service === service);
    return [service, distinct(own), distinct(own.filter(({ entry }) => mayBeAutomatic(entry.rule)))];
  });
}

const nameOf = ({ service, type, also }: HandledType): string =>
  service === 'IAM Access Analyzer' ? `Public access to \`${type.slice(type.indexOf('/') + 1)}\`` : `\`${type}\`${also}`;

const linkTo = ({ rule, service }: CatalogueEntry): string => `[${rule.id}](${service}/README.md#${rule.id})`;

function responseOf({ reversible }: Rule): string {
  if (reversible === 'never') return 'Asks: it cannot be undone';
  return reversible === 'partly' ? 'Can be automatic; asks for what cannot be undone' : 'Can be automatic';
}

/** A name with a colon or a slash is one of AWS. */
const quoted = (type: string): string => (/[:/]/.test(type) ? `\`${type}${/[:/]$/.test(type) ? '*' : ''}\`` : type);
