import * as z from 'zod';
import type { OwnNames, Risk, Severity, Tags } from '../../rules/rule';
import { matchesWildcard } from '../../rules/wildcard';
import type { Fact } from './fact';

const some = <Item extends z.ZodType>(item: Item) => z.array(item).min(1).optional();

const account = z.string().regex(/^\d{12}$/, 'is not a valid account id: twelve digits, in quotes');
const pattern = z.string().min(1).max(512);

/** The cases that a clause applies to: each given key has to match, by one of its values. A clause without keys matches every case. */
export const scope = {
  rules: some(pattern).describe('Rule ids; `*` matches any characters: `s3-*`.'),
  controls: some(pattern).describe('Security Hub control ids: `S3.8`; `S3.*`.'),
  severities: some(z.enum(['critical', 'high', 'medium', 'low'])).describe('Severities of the rules.'),
  risks: some(z.enum(['safe', 'disruptive'])).describe('Risk classes of the rules.'),
  accounts: some(account).describe('Account ids, in quotes.'),
  ous: some(
    z
      .string()
      .regex(
        /^(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|r-[0-9a-z]{4,32})$/,
        'is not a valid id of an organizational unit (`ou-ab12-cdef3456`) or a root (`r-ab12`)',
      ),
  ).describe('Ids of organizational units or roots; includes accounts at any level below.'),
  regions: some(pattern).describe('Regions: `eu-west-1`; `eu-*`.'),
  resources: some(pattern).describe('ARNs of resources; `*` matches any characters.'),
  tags: z
    .record(z.string().min(1).max(128), z.union([pattern, z.array(pattern).min(1)]))
    .refine((tags) => Object.keys(tags).length > 0, { error: 'is empty: add a tag, or remove the key' })
    .optional()
    .describe('Tags of the resource: each key must have one of the values; `*` matches any characters.'),
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

/** The case that clauses are evaluated for: one misconfiguration of one resource. */
export interface Case {
  readonly rule: {
    readonly id: string;
    readonly risk: Risk;
    readonly severity: Severity;
    readonly controls: readonly string[];
    readonly response?: true;
  };
  /** The detector: a control, or a Config rule, which may belong to any of the rule's controls. */
  readonly detectedBy: string;
  readonly account: string;
  readonly region: string;
  /** ARN. */
  readonly resource: string;
  /** Other forms of the ARN that AWS uses. */
  readonly aliases?: readonly string[];
  /** The account's organizational units from its parent up to the root; unknown if they were not read. */
  readonly ous: Fact<readonly string[]>;
  /** Undefined for a resource that does not support tags. */
  readonly tags: Fact<Tags | undefined>;
  /** What it may be by its name, and how a response treats it then. */
  readonly own?: OwnNames;
}

/** `unknown`: it depends on something that could not be read. A restricting clause then applies; a permitting one does not. */
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

/** Whether a restricting clause applies to the case, or may apply. */
export const mayHold = (clause: Scope, about: Case): boolean => matchOf(clause, about) !== 'no';

/** The facts that the clause depends on and that could not be read, with the reasons. */
export const unreadIn = ({ controls, ous, tags }: Scope, about: Case): string =>
  [
    ...(controls && controlMatch(controls, about) === 'unknown' ? [`the control that ${about.detectedBy} belongs to`] : []),
    ...(ous && 'unknown' in about.ous ? [`the organizational units of the account (${about.ous.unknown})`] : []),
    ...(tags && 'unknown' in about.tags ? [`the tags (${about.tags.unknown})`] : []),
  ].join(', ');

const named = (patterns: readonly string[] | undefined, text: string): Match =>
  patterns === undefined || patterns.some((one) => matchesWildcard(text, one)) ? 'yes' : 'no';

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
    return value !== undefined && [values].flat().some((one) => matchesWildcard(value, one));
  })
    ? 'yes'
    : 'no';
}
