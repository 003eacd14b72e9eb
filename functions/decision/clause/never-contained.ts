import { neverIn, protectedAs } from '../../policy/never';
import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/**
 * What no response contains, whatever its mode and whoever approves it: what the policy names, and who could end an attack. A finding about it,
 * true or provoked, must not lock them out.
 */
export function neverContained({ policy, about }: Facts): readonly ClauseResult[] {
  const { rule, own } = about;
  if (!rule.response) return [];
  const listed = neverIn(policy, about);
  const role = protectedAs(policy, about);
  return [
    ...(listed ? [left(`${listed.at} (${listed.reason}) names the resource. Contain it manually, or remove the entry first`)] : []),
    ...(role ? [left(`it is ${role}. Contain it manually, or remove it there first`)] : []),
    ...(own === 'never' ? [left('it is of this product, by its name. Stop it with `posture stop`, and investigate')] : []),
    ...(own === 'asks' ? [asks] : []),
  ];
}

const left = (reason: string): ClauseResult => ({
  clause: 'never-contained',
  answer: 'skip',
  reason,
  outcome: 'unfixable',
  code: 'never-contained',
});

/** Anybody in the account can give a resource this name. */
const asks: ClauseResult = {
  clause: 'never-contained',
  answer: 'ask',
  reason: 'its name is one of this product, whose remediations and records it may hold up',
};
