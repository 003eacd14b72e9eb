import type { Place, ResourceKind } from '../../rules/rule';
import { expandArn, matchId } from '../aws/arn';
import { isRegion } from '../aws/region';
import { quote } from '../untrusted-text';
import type { Finding, RefusalCode } from './finding';

type Reported = Finding['resource']['reported'];
type Kind = Pick<ResourceKind, 'type' | 'arn' | 'name' | 'alsoAs' | 'reportedElsewhere'>;

/** In bytes: the id becomes a part of keys in the log, which DynamoDB limits to 2048. The longest legal ARN has fewer. */
const maxBytes = 1600;

/**
 * What a detector calls a resource, if it does not contradict the account, the Region and the partition of the finding. Whether it names a resource
 * is found out later, and then logged. `at` is its path in the event.
 */
export function reportedAs(
  kind: Kind,
  place: Place,
  said: string,
  at: string,
): Reported | { readonly problem: string; readonly code: RefusalCode } {
  if (said === '' || Buffer.byteLength(said) > maxBytes || /\p{Cs}/u.test(said))
    return { code: 'invalid-resource-id', problem: `${at} is ${quote(said)}, and must be a text of 1 to ${maxBytes} bytes.` };
  const elsewhere = kind.reportedElsewhere ? undefined : elsewhereIn(kind, place, said);
  if (elsewhere !== undefined)
    return { code: 'contradictory-event', problem: `${at} ${quote(said)} is of ${elsewhere}, but the finding is of ${here(place)}.` };
  return isArn(said) ? { arn: said } : { configId: said };
}

/** The id in what a detector said: in an ARN of this kind, or in another form that AWS has for it; undefined if it is in none of them. */
export function idReported(kind: Kind, place: Place, said: string): string | undefined {
  const own = knownId(kind, place, said);
  if (own !== undefined) return own;
  const id = genericId(kind, place, said);
  if (id !== undefined) return knownId(kind, place, id) ?? id;
  return isArn(said) ? undefined : said;
}

function knownId(kind: Kind, place: Place, said: string): string | undefined {
  const templates = [kind.arn, ...(kind.alsoAs ?? [])];
  return templates.map((template) => matchId(template, kind.name, place, said)).find((id) => id !== undefined);
}

/** Where an ARN says that its resource is, as a phrase: an account or a Region other than those of the place; undefined if it says nothing else. */
export function elsewhereIn(kind: Kind, place: Place, said: string): string | undefined {
  const account = /^AWS::::Account:(.*)$/s.exec(said)?.[1] ?? (/^\d{12}$/.test(said) && isOfAccount(kind) ? said : undefined);
  if (account !== undefined) return account === place.account ? undefined : `account ${account}`;
  const [, partition, region = '', owner = ''] = /^arn:([^:]*):[^:]*:([^:]*):([^:]*):/.exec(said) ?? [];
  if (partition === undefined) return undefined;
  if (partition !== place.partition) return `partition ${partition}`;
  if (/^\d{12}$/.test(owner) && owner !== place.account) return `account ${owner}, ${region}`;
  return isRegion(region) && region !== place.region ? `Region ${region}` : undefined;
}

/** The id in the ARN that Security Hub makes of the type and AWS Config's id: `arn:aws:rds:eu-west-1:111122223333:dbinstance:db-ABC`. */
function genericId({ type, arn }: Kind, place: Place, said: string): string | undefined {
  const [, , service] = arn.split(':');
  const wanted = expandArn(`arn:{partition}:${service}:`, place);
  const [, rest] = said.startsWith(wanted) ? [wanted, said.slice(wanted.length)] : [];
  const [, region, account, kindSaid, id] = /^([^:]*):([^:]*):([^:/]+)[:/](.+)$/s.exec(rest ?? '') ?? [];
  const isHere = (one: string | undefined, own: string) => one === '' || one === own;
  return isHere(region, place.region) && isHere(account, place.account) && kindSaid === type.slice(type.lastIndexOf(':') + 1).toLowerCase()
    ? id
    : undefined;
}

export const isArn = (said: string): boolean => said.startsWith('arn:') || said.startsWith('AWS::::Account:');

const isOfAccount = ({ arn }: Kind): boolean => !/\{(?:id|slashedId|freeId)\}/.test(arn);
const here = ({ account, region, partition }: Place): string => `account ${account}, ${region}, partition ${partition}`;
