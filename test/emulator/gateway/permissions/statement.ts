import { type Condition, holds } from './condition';
import { like } from './wildcard';

/** A statement of an IAM policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Condition;
}

/** One permission that a call needs. */
export interface Need {
  /** `s3:PutBucketVersioning` */
  readonly action: string;
  /** Its ARN, `*` if the action knows none; undefined if the gateway can't tell it from the call. */
  readonly resource: string | undefined;
  /** Context keys of this need alone, such as `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Context keys by their name in lower case. */
export type Context = Readonly<Record<string, string>>;

export const listed = <T>(value: T | readonly T[] | undefined): readonly T[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
};

const named = ({ Action, NotAction }: Statement, action: string) =>
  Action !== undefined
    ? listed(Action).some((pattern) => like(pattern, action, 'i'))
    : NotAction !== undefined && !listed(NotAction).some((pattern) => like(pattern, action, 'i'));

// Where the resource can't be told, permission hangs on the action alone, and so does a denial of all resources.
const reaches = ({ Effect, Resource, NotResource }: Statement, resource: string | undefined) => {
  if (Resource === undefined && NotResource === undefined) return true;
  if (resource === undefined) return Effect === 'Allow' || listed(Resource).includes('*');
  return Resource !== undefined
    ? listed(Resource).some((pattern) => like(pattern, resource))
    : !listed(NotResource).some((pattern) => like(pattern, resource));
};

/** Whether the statement speaks of the call: its action, resource and conditions. */
export const applies = (statement: Statement, need: Need, context: Context): boolean =>
  named(statement, need.action) &&
  reaches(statement, need.resource) &&
  holds(statement.Condition, { ...context, ...lowered(need.context) });

const lowered = (context: Readonly<Record<string, string>> = {}): Context =>
  Object.fromEntries(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));

/** What the statements say together: a denial wins, and silence is one. */
export const verdict = (statements: readonly Statement[], need: Need, context: Context): 'allowed' | 'not-allowed' | 'denied' => {
  const applying = statements.filter((statement) => applies(statement, need, context));
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  return applying.length > 0 ? 'allowed' : 'not-allowed';
};
