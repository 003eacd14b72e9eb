import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Rule } from '../../rules/rule';
import { leaseKey } from '../coordination/lease-key';
import type { Sealed } from '../coordination/sealed';
import { everything } from '../log/trail';
import { type Standard, standardTitles } from '../standards/standards';
import { quote, sanitize } from '../untrusted-text';
import { collect } from './collect';
import type { Facts } from './facts';
import type { PlaceOf } from './numbers/misconfigurations';
import { numbersOf } from './numbers/numbers';
import { ownersIn, withOwners } from './numbers/owners';
import { type Span, within } from './numbers/span';
import { type Part, readRecords } from './read-records';
import type { Report } from './report';

/** What a report is about. */
export interface ReportQuestion {
  readonly span: Span;
  /** None: all accounts. */
  readonly accounts?: readonly string[];
  readonly standard?: Standard;
  readonly owner?: string;
}

/** What a report needs of a rule. */
export type ReportedRule = Pick<Rule, 'id' | 'severity' | 'resource'> & { readonly detectedBy: Pick<Rule['detectedBy'], 'securityHub'> };

/** Where the log is, and who reports when. */
export interface ReportSource {
  readonly dynamo: DynamoDBClient;
  readonly table: string;
  /** The ARN of the table. */
  readonly log: string;
  readonly rules: readonly ReportedRule[];
  readonly now: Date;
  readonly version: string;
  /** Reads which seal of the archive is the newest; undefined if nobody knows. */
  readonly sealed?: () => Promise<Sealed | undefined>;
  /** Gets the number of remediations that are read, each time: to stop, it throws. */
  readonly onRead?: (remediations: number) => void;
}

/** Reads the log of the period, and makes the report. Without accounts, the log is read rule by rule, otherwise account by account. */
export async function makeReport(
  { span, accounts = [], standard, owner }: ReportQuestion,
  { dynamo, table, log, rules: known, now, version, onRead, sealed }: ReportSource,
): Promise<Report> {
  const rules = new Map(known.map((rule) => [rule.id, rule]));
  const parts: readonly Part[] =
    accounts.length > 0
      ? [...accounts.map((account) => ({ account })), { rule: everything }]
      : [...rules.keys(), everything].map((rule) => ({ rule }));
  const { integrity, ...read } = await collect(readRecords(dynamo, table, parts, span), {
    until: span.until,
    ...(onRead && { onRead }),
    severityOf: (rule) => rules.get(rule)?.severity ?? 'unknown',
  });
  if (owner !== undefined) expectOwner(owner, read.facts, span);
  const controlsOf = (rule: string) => rules.get(rule)?.detectedBy.securityHub ?? [];
  const numbers = numbersOf({
    ...read,
    span,
    controlsOf,
    placeOf: placesBy(rules),
    ...(standard !== undefined && { standard }),
    ...(owner !== undefined && { owner }),
  });
  const scope = scopeOf({ accounts, standard, owner });
  const seal = sealText(await sealed?.());
  const proven = { ...integrity, ...(seal !== undefined && { seal }) };
  return { numbers, integrity: proven, scope, made: now.getTime(), version, log, ...(standard !== undefined && { standard }) };
}

/** Only a setting of an account can have the same ARN in several Regions and be another one in each. */
export const placesBy =
  (rules: ReadonlyMap<string, Pick<Rule, 'resource'>>): PlaceOf =>
  ({ rule, resource: arn, resourceType: type, account, region }) => {
    const known = rules.get(rule);
    const isSetting = arn.startsWith('AWS::::Account:');
    return known && isSetting ? leaseKey(known, { id: '', partition: '', arn, type, account, region }) : arn;
  };

/** What there is beyond the chains, as far as a report can say it. */
function sealText(sealed: Sealed | undefined): string | undefined {
  if (sealed?.number === undefined || sealed.hash === undefined) return undefined;
  const { number, sealedAt = '', hash } = sealed;
  return `A chain alone does not prove that nothing is missing at its end, or that no whole trail is missing. The seals of the archive do: by the record of the function that seals, the newest is seal ${number} of ${sealedAt}, with the hash ${sanitize(hash, 128)}. This report did not verify it. Run posture log verify, with the hash of a seal from where administrators of the central account have no access.`;
}

/** How many owners a message names. */
const maxNamed = 20;

/** Throws a RangeError for an owner of whom the log has nothing, with those whom it names. */
function expectOwner(owner: string, facts: readonly Facts[], span: Span): void {
  const owners = ownersIn(withOwners(facts.filter(({ at }) => within(at, span))));
  if (owners.includes(owner)) return;
  const named = owners.slice(0, maxNamed).map(quote).join(', ');
  const more = owners.length > maxNamed ? `, and ${owners.length - maxNamed} more` : '';
  throw new RangeError(
    `The log of this period and these accounts names no owner ${quote(owner)}. ${owners.length === 0 ? 'It names none.' : `It names ${named}${more}.`}`,
  );
}

function scopeOf({
  accounts,
  standard,
  owner,
}: {
  readonly accounts: readonly string[];
  readonly standard: Standard | undefined;
  readonly owner: string | undefined;
}): string {
  const places = accounts.length === 0 ? 'all accounts' : `account${accounts.length === 1 ? '' : 's'} ${accounts.join(', ')}`;
  return [
    places,
    ...(standard === undefined ? [] : [standardTitles[standard]]),
    ...(owner === undefined ? [] : [`owner ${sanitize(owner, 256)}`]),
  ].join(', ');
}
