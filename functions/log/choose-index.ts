import { commonSources } from './index-attributes';
import { type IndexAttribute, logIndexes, reportIndexes } from './indexes';
import type { LogQuestion } from './question';

/** The index that a query reads, and the value of its partition key. */
export interface ChosenIndex {
  readonly name: string;
  readonly attribute: string;
  readonly value: string;
  /** The index holds keys and few attributes: the events are read from the table, and filtered then. */
  readonly isSparse: boolean;
}

type Common = keyof typeof logIndexes;
type Sparse = Exclude<IndexAttribute, 'indexRemediation' | 'indexStandard' | 'indexTicket'>;

/** The most selective index for the question; undefined if none has any of its attributes. */
export function chooseIndex(question: LogQuestion): ChosenIndex | undefined {
  const { actor, control, source } = question;
  for (const attribute of Object.keys(logIndexes) as Common[]) {
    const value = question[attribute];
    if (value !== undefined) return { name: logIndexes[attribute], attribute, value, isSparse: false };
  }
  if (actor !== undefined) return sparse('indexActor', actor);
  if (control !== undefined) return sparse('indexControl', control);
  return source === undefined || commonSources.includes(source) ? undefined : sparse('indexSource', source);
}

const sparse = (attribute: Sparse, value: string): ChosenIndex => ({ name: reportIndexes[attribute], attribute, value, isSparse: true });
