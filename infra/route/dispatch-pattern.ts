import { type Json, type Rule, toArray } from '../../rules/rule';
import { maxLength } from './event-pattern';

type Pattern = { readonly [key: string]: Json };

/** The event patterns of the dispatcher: noncompliant resources of the types that the rules with managed rules are for, whatever the Config rule. */
export function dispatchPatterns(rules: readonly Pick<Rule, 'detectedBy' | 'resource'>[]): readonly Pattern[] {
  const types = rules
    .filter(({ detectedBy }) => detectedBy.config.length > 0)
    .flatMap(({ resource }) => toArray(resource).map(({ type }) => type));
  return patternsOf([...new Set(types)].toSorted());
}

function patternsOf(resourceType: readonly string[]): readonly Pattern[] {
  if (resourceType.length === 0) return [];
  const pattern = {
    source: ['aws.config'],
    'detail-type': ['Config Rules Compliance Change'],
    detail: {
      messageType: ['ComplianceChangeNotification'],
      newEvaluationResult: { complianceType: ['NON_COMPLIANT'] },
      resourceType,
    },
  };
  if (JSON.stringify(pattern).length <= maxLength || resourceType.length === 1) return [pattern];
  const middle = Math.ceil(resourceType.length / 2);
  return [...patternsOf(resourceType.slice(0, middle)), ...patternsOf(resourceType.slice(middle))];
}
