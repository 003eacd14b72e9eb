import type { Place, ResourceKind } from '../../rules/rule';
import { isRegion } from './region';

/** The parts of an ARN; `region` and `account` are empty if the service omits them. */
export interface Arn extends Place {
  readonly service: string;
  readonly resource: string;
}

const shape = /^arn:(aws(?:-[a-z]+)*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|):(.+)$/su;
const maxLength = 2048;
// Lone surrogates are no text, and canonical JSON rejects them.
const unreadable = /\p{Cs}/u;

/** The parts of an ARN; undefined for any other text. Names can have spaces and, rarely, tabs and line breaks. */
export function parseArn(text: string): Arn | undefined {
  if (text.length > maxLength || unreadable.test(text)) return undefined;
  const [, partition = '', service = '', region = '', account = '', resource = ''] = shape.exec(text) ?? [];
  if (!resource || (region && !isRegion(region))) return undefined;
  return { partition, service, region, account, resource };
}

// Names contain no `:` and no `/`, so that an ARN of a part of the resource (an object, a version, an alias) does not match. AWS uses `!` in
// names of resources that one service creates in another: `rds!db-…`, a secret.
const name = '[A-Za-z0-9_+=,.@#!-]{1,256}';
const placeholders: Readonly<Record<string, string>> = {
  id: name,
  slashedId: `/?${name}(?:/${name})*`,
  // Otherwise an ARN of another kind would match as an id of this kind.
  freeId: '(?!arn:)[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\s](?:[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{0,253}[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\s])?',
  wildcard: '(?::\\*)?',
  name,
  // Without braces, otherwise the template itself would match.
  freeName: '[^/{}\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{1,256}',
  host: '[a-z0-9.:-]{1,253}',
  slash: '/?',
  path: '(?:[!-.0-~][!-~]{0,510}/)?',
};

const ids = /\{(?:id|slashedId|freeId)\}/;
const idNames: readonly string[] = ['id', 'slashedId', 'freeId'];

type Named = Pick<ResourceKind, 'arn' | 'name'>;

/** The id in an ARN of this kind and place; undefined for any other ARN. The id of an account is its account id. */
export const idIn = (kind: Named, place: Place, arn: string): string | undefined => matchId(kind.arn, kind.name, place, arn);

/** The id in a text that matches a template, such as that of an ARN. */
export function matchId(template: string, form: RegExp | undefined, place: Place, text: string): string | undefined {
  if (text.length > maxLength) return undefined;
  const pattern = expandArn(template, place).replace(/\{(\w+)\}|[\\^$.*+?()[\]{}|/]/g, (found, placeholder?: string) => {
    if (placeholder === undefined) return `\\${found}`;
    if (!idNames.includes(placeholder)) return placeholders[placeholder] ?? '(?!)';
    return `(?<id>${form?.source ?? placeholders[placeholder]})`;
  });
  const match = new RegExp(`^${pattern}$`, 'u').exec(text);
  if (!match) return undefined;
  // A name of the service's own form can have any parts.
  if (!form && text.split(/[:/]/).some((part) => part === '.' || part === '..')) return undefined;
  return ids.test(template) ? match.groups?.['id'] : place.account;
}

/** The ARN for an id; undefined if the id is invalid for this kind, or the ARN also contains a path, which an id does not. */
export function arnOf(kind: Named, place: Place, id: string): string | undefined {
  const arn = expandArn(kind.arn, place)
    .replace(ids, () => id)
    .replace('{wildcard}', '');
  return idIn(kind, place, arn) === id ? arn : undefined;
}

/** The ARN of a resource without the wildcard that some AWS APIs append. */
export const bareArn = (kind: Pick<ResourceKind, 'arn'>, arn: string): string => (isWide(kind) ? arn.replace(/:\*$/, '') : arn);

/** Other forms of the ARN that AWS uses. */
export const aliasesOf = (kind: Pick<ResourceKind, 'arn'>, arn: string): readonly string[] => (isWide(kind) ? [`${arn}:*`] : []);

const isWide = ({ arn }: Pick<ResourceKind, 'arn'>): boolean => arn.endsWith('{wildcard}');

/** The ARN template of this kind with the place filled in, for messages. */
export const expandArn = (template: string, { partition, region, account }: Place): string =>
  template.replaceAll('{partition}', partition).replaceAll('{region}', region).replaceAll('{account}', account);
