import * as z from 'zod';
import type { Risk, Severity, Tags } from '../../rules/rule';
import { fits } from '../../rules/wildcard';
import type { Fact } from './fact';

const some = <Item extends z.ZodType>(item: Item) => z.array(item).min(1).optional();

const account = z.string().regex(/^\d{12}$/, 'is no account id: twelve digits, in quotes');
const pattern = z.string().min(1).max(512);

/** What a clause of the policy is about: all that is given has to fit, each by one of its values. Nothing given fits everything. */
export const scope = {
  rules: some(pattern).describe('Rule ids; `*` stands for any characters: `s3-*`.'),
  controls: some(pattern).describe('Security Hub control ids: `S3.8`; `S3.*`.'),
  severities: some(z.enum(['critical', 'high', 'medium', 'low'])).describe('Severities of the rules.'),
  risks: some(z.enum(['safe', 'disruptive'])).describe('Risk classes of the rules.'),
  accounts: some(account).describe('Account ids, in quotes.'),
  ous: some(
    z
      .string()
      .regex(
        /^(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|r-[0-9a-z]{4,32})$/,
        'is no id of an organizational unit (`ou-ab12-cdef3456`) or a root (`r-ab12`)',
      ),
  ).describe('Organizational units or roots, by id; the account may be any number of levels below.'),
  regions: some(pattern).describe('Regions: `eu-west-1`; `eu-*`.'),
  resources: some(pattern).describe('ARNs of resources; `*` stands for any characters.'),
  tags: z
    .record(z.string().min(1).max(128), z.union([pattern, z.array(pattern).min(1)]))
    .refine((tags) => Object.keys(tags).length > 0, { error: 'is empty: name a tag, or leave out the key' })
    .optional()
    .describe('Tags of the resource: each key has to have one of the values; `*` stands for any characters.'),
};

export interface Scope {
  readonly rules?: readonly string[] | undefined;
  readonly controls?: readonly string[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  readonly risks?: readonly Risk[] | undefined;
  readonly accounts?: readonly string[] | undefined;
  readonly ous?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
  readonly tags?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/** What a clause is held against: one fault of one resource. */
export interface Case {
  readonly rule: { readonly id: string; readonly risk: Risk; readonly severity: Severity; readonly controls: readonly string[] };
  /** What found the fault: a control, or a Config rule, which does not tell for which of the rule's controls it stands. */
  readonly detectedBy: string;
  readonly account: string;
  readonly region: string;
  /** ARN. */
  readonly resource: string;
  /** The same ARN as AWS writes it elsewhere. */
  readonly aliases?: readonly string[];
  /** The account's organizational units from its parent up to the root; unknown where nobody asked. */
  readonly ous: Fact<readonly string[]>;
  /** Undefined for a resource that can't carry any. */
  readonly tags: Fact<Tags | undefined>;
}

/** `unknown`: it depends on something that could not be read. A clause that restricts then holds; one that permits does not. */
export type Match = 'yes' | 'no' | 'unknown';

export function matchOf(clause: Scope, about: Case): Match {
  const { rules, controls, severities, risks, accounts, ous, regions, resources, tags } = clause;
  const answers: readonly Match[] = [
    named(rules, about.rule.id),
    controls === undefined ? 'yes' : controlMatch(controls, about),
    named(severities, about.rule.severity),
    named(risks, about.rule.risk),
    named(accounts, about.account),
    named(regions, about.region),
    [about.resource, ...(about.aliases ?? [])].some((arn) => named(resources, arn) === 'yes') ? 'yes' : 'no',
    ous === undefined ? 'yes' : ouMatch(ous, about.ous),
    tags === undefined ? 'yes' : tagMatch(tags, about.tags),
  ];
  if (answers.includes('no')) return 'no';
  return answers.includes('unknown') ? 'unknown' : 'yes';
}

/** A clause that restricts holds for the case, or may. */
export const mayHold = (clause: Scope, about: Case): boolean => matchOf(clause, about) !== 'no';

/** What of the case the clause asks for and nobody could read, with the reasons. */
export const unreadIn = ({ controls, ous, tags }: Scope, about: Case): string =>
  [
    ...(controls && controlMatch(controls, about) === 'unknown' ? [`for which control ${about.detectedBy} stands`] : []),
    ...(ous && 'unknown' in about.ous ? [`the units of the account (${about.ous.unknown})`] : []),
    ...(tags && 'unknown' in about.tags ? [`the tags (${about.tags.unknown})`] : []),
  ].join(', ');

const named = (patterns: readonly string[] | undefined, text: string): Match =>
  patterns === undefined || patterns.some((one) => fits(text, one)) ? 'yes' : 'no';

function controlMatch(controls: readonly string[], { detectedBy, rule }: Case): Match {
  if (named(controls, detectedBy) === 'yes') return 'yes';
  if (rule.controls.includes(detectedBy)) return 'no';
  return rule.controls.some((control) => named(controls, control) === 'yes') ? 'unknown' : 'no';
}

function ouMatch(wanted: readonly string[], ous: Fact<readonly string[]>): Match {
  if ('unknown' in ous) return 'unknown';
  return wanted.some((ou) => ous.known.includes(ou)) ? 'yes' : 'no';
}

function tagMatch(wanted: NonNullable<Scope['tags']>, tags: Fact<Tags | undefined>): Match {
  if ('unknown' in tags) return 'unknown';
  const { known = {} } = tags;
  return Object.entries(wanted).every(([key, values]) => {
    const value = Object.hasOwn(known, key) ? known[key] : undefined;
    return value !== undefined && [values].flat().some((one) => fits(value, one));
  })
    ? 'yes'
    : 'no';
}
