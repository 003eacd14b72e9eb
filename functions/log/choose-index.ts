import { commonSources, resultOf, ruleOfActor, shards } from './index-attributes';
import { derivedIndexes, logIndexes } from './indexes';
import type { LogQuestion } from './question';

/** A partition of an index that a query reads. */
export interface Partition {
  /** The name of the index. */
  readonly name: string;
  readonly attribute: string;
  readonly value: string;
  /** The index holds keys and few attributes: the events are read from the table. */
  readonly isSparse: boolean;
}

/** So many rules are queried one by one; more are filtered from all events. */
const maxRules = 6;

/** The partitions that together have all events of the question, as few and as selective as there are. */
export function partitionsOf(question: LogQuestion): readonly Partition[] {
  const { finding, resource, rule, account, actor, source, rules } = question;
  if (finding !== undefined) return [of('finding', finding)];
  if (resource !== undefined) return [of('resource', resource)];
  if (rule !== undefined) return [of('rule', rule)];
  const result = resultOf(question);
  if (result !== undefined) return [derived('indexResult', result)];
  if (actor !== undefined) {
    const own = ruleOfActor(actor);
    const isAsked = own !== undefined && (rules === undefined || rules.includes(own));
    return [derived('indexActor', actor), ...(isAsked ? [of('rule', own)] : [])];
  }
  if (source !== undefined && !commonSources.includes(source)) return [derived('indexSource', source)];
  if (account !== undefined) return [of('account', account)];
  if (rules && rules.length <= maxRules) return rules.map((one) => of('rule', one));
  return shards.map((shard) => derived('indexShard', shard));
}

/** Whether no index is for the question, so that it is looked for among all events. */
export const isOfAllEvents = (question: LogQuestion): boolean => partitionsOf(question).some(({ attribute }) => attribute === 'indexShard');

const of = (attribute: keyof typeof logIndexes, value: string): Partition => ({
  name: logIndexes[attribute],
  attribute,
  value,
  isSparse: false,
});

const derived = (attribute: Exclude<keyof typeof derivedIndexes, 'indexTicket'>, value: string): Partition => ({
  name: derivedIndexes[attribute],
  attribute,
  value,
  isSparse: attribute === 'indexActor' || attribute === 'indexSource',
});
