import type { Cell } from '../aws/cells';
import type { Random } from '../random';

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** One way in which a resource of a sort can be misconfigured. */
export interface Misconfiguration {
  /** The id of the rule that fixes it, and the control that reports it. */
  readonly rule: string;
  readonly control: string;
  /** Misconfigures a new resource. */
  bring(cell: Cell, random: Random): void;
  /** Whether a resource has it, as a detector would judge. */
  isIn(cell: Cell, now: number): boolean;
}

/** A sort of resource, as the storm makes, breaks and judges it. */
export interface Sort {
  /** As Security Hub names it. */
  readonly type: string;
  /** A sound resource. */
  make(place: Place, number: number): { readonly arn: string; readonly cell: Cell };
  readonly misconfigurations: readonly Misconfiguration[];
  /** What people and tools do to it meanwhile: each only adds something of its own. */
  readonly others: readonly ((cell: Cell, number: number) => void)[];
  /** What has to be the same again when everything is rolled back. */
  view(cell: Cell, now: number): Readonly<Record<string, unknown>>;
}

export const tag = (cell: Cell, number: number): void => {
  cell.tags = { ...cell.tags, [`team-${number}`]: 'payments' };
};

/** Statements in an order of their own: their order has no meaning. */
export const sorted = (statements: readonly object[]): readonly object[] =>
  [...statements].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

interface Document {
  readonly Statement: readonly object[];
}

export const statementsIn = (text: string | null | undefined): readonly object[] =>
  text === null || text === undefined ? [] : (JSON.parse(text) as Document).Statement;

/** The text of a policy with one more statement. */
export const withStatement = (text: string | null | undefined, statement: object): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [...statementsIn(text), statement] });

/** A statement for a partner, which is nobody's misconfiguration. */
export const partnerStatement = (number: number, action: string, resource: string): object => ({
  Sid: `Partner${number}`,
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::444455556666:role/partner' },
  Action: action,
  Resource: resource,
});
