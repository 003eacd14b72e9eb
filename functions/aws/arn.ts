import type { Place, ResourceKind } from '../../rules/rule';
import { partitionOf } from './region';

/** The parts of an ARN; `region` and `account` are empty where the service leaves them out. */
export interface Arn extends Place {
  readonly service: string;
  readonly resource: string;
}

const shape = /^arn:(aws(?:-[a-z]+)*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|):([!-~](?:[ -~]*[!-~])?)$/;
const maxLength = 2048;

/** The parts of an ARN, or undefined for anything else: an unknown region or partition, two that differ, a character outside printable ASCII. */
export function parseArn(text: string): Arn | undefined {
  if (text.length > maxLength) return undefined;
  const [, partition = '', service = '', region = '', account = '', resource = ''] = shape.exec(text) ?? [];
  if (!resource || (region && partitionOf(region) !== partition)) return undefined;
  return { partition, service, region, account, resource };
}

// Names hold no `:` and no `/`, so that a part of the resource (an object, a version, an alias) never passes for it. With `!` AWS names what one
// service makes in another: `rds!db-…`, a secret.
const name = '[A-Za-z0-9_+=,.@#!-]{1,256}';
const placeholders: Readonly<Record<string, string>> = {
  id: `(?<id>${name})`,
  slashedId: `(?<id>/?${name}(?:/${name})*)`,
  // Else an ARN of another kind would pass for the id of one of this.
  freeId: '(?<id>(?!arn:)[ -~]{1,255})',
  wildcard: '(?::\\*)?',
  name,
  // Without braces, else the template itself would pass.
  freeName: '[ -.0-9;-z|~]{1,256}',
  slash: '/?',
  path: `(?:${name}/)*`,
};

const ids = /\{(?:id|slashedId|freeId)\}/;

/** The id in an ARN of this kind and place, or undefined for any other ARN. An account's own id is its account id. */
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

/** The ARN for an id, or undefined when the id can't be one of this kind, or when the ARN also holds a path, which an id does not tell. */
export function arnOf(kind: Pick<ResourceKind, 'arn'>, place: Place, id: string): string | undefined {
  const arn = expandArn(kind.arn, place)
    .replace(ids, () => id)
    .replace('{wildcard}', '');
  return idIn(kind, place, arn) === id ? arn : undefined;
}

/** The one ARN of a resource, which AWS writes with a wildcard at its end in some places. */
export const bareArn = (kind: Pick<ResourceKind, 'arn'>, arn: string): string => (isWide(kind) ? arn.replace(/:\*$/, '') : arn);

/** The other ways in which AWS writes that ARN. */
export const aliasesOf = (kind: Pick<ResourceKind, 'arn'>, arn: string): readonly string[] => (isWide(kind) ? [`${arn}:*`] : []);

const isWide = ({ arn }: Pick<ResourceKind, 'arn'>): boolean => arn.endsWith('{wildcard}');

/** How the ARNs of this kind and place read, for people. */
export const expandArn = (template: string, { partition, region, account }: Place): string =>
  template.replaceAll('{partition}', partition).replaceAll('{region}', region).replaceAll('{account}', account);
