import type { Place, ResourceKind } from '../../rules/rule';
import { partitionOf } from './region';

/** The parts of an ARN; `region` and `account` are empty if the service omits them. */
export interface Arn extends Place {
  readonly service: string;
  readonly resource: string;
}

const shape = /^arn:(aws(?:-[a-z]+)*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|):([!-~](?:[ -~]*[!-~])?)$/;
const maxLength = 2048;

/** The parts of an ARN; undefined for an unknown region or partition, a region of another partition, or characters outside printable ASCII. */
export function parseArn(text: string): Arn | undefined {
  if (text.length > maxLength) return undefined;
  const [, partition = '', service = '', region = '', account = '', resource = ''] = shape.exec(text) ?? [];
  if (!resource || (region && partitionOf(region) !== partition)) return undefined;
  return { partition, service, region, account, resource };
}

// Names contain no `:` and no `/`, so that an ARN of a part of the resource (an object, a version, an alias) does not match. AWS uses `!` in
// names of resources that one service creates in another: `rds!db-…`, a secret.
const name = '[A-Za-z0-9_+=,.@#!-]{1,256}';
const placeholders: Readonly<Record<string, string>> = {
  id: `(?<id>${name})`,
  slashedId: `(?<id>/?${name}(?:/${name})*)`,
  // Otherwise an ARN of another kind would match as an id of this kind.
  freeId: '(?<id>(?!arn:)[ -~]{1,255})',
  wildcard: '(?::\\*)?',
  name,
  // Without braces, otherwise the template itself would match.
  freeName: '[ -.0-9;-z|~]{1,256}',
  slash: '/?',
  path: `(?:${name}/)*`,
};

const ids = /\{(?:id|slashedId|freeId)\}/;

/** The id in an ARN of this kind and place; undefined for any other ARN. The id of an account is its account id. */
export function idIn(kind: Pick<ResourceKind, 'arn'>, place: Place, arn: string): string | undefined {
  if (arn.length > maxLength) return undefined;
  const pattern = expandArn(kind.arn, place).replace(/\{(\w+)\}|[^\w]/g, (found, placeholder?: string) =>
    placeholder ? (placeholders[placeholder] ?? '(?!)') : `\\${found}`,
  );
  const match = new RegExp(`^${pattern}$`).exec(arn);
  if (!match) return undefined;
  const id = ids.test(kind.arn) ? match.groups?.['id'] : place.account;
  return arn.split(/[:/]/).some((part) => part === '.' || part === '..') ? undefined : id;
}

/** The ARN for an id; undefined if the id is invalid for this kind, or the ARN also contains a path, which an id does not. */
export function arnOf(kind: Pick<ResourceKind, 'arn'>, place: Place, id: string): string | undefined {
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
