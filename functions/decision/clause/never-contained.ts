import { neverIn, protectedAs } from '../../policy/protected';
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
    ...(own?.contained === 'never' ? [left(`it is ${own.what}, by its name. Stop that with \`posture stop\`, and investigate`)] : []),
    ...(own?.contained === 'asks' ? [asking(`by its name, it may be ${own.what}`)] : []),
  ];
}

const left = (reason: string): ClauseResult => ({
  clause: 'never-contained',
  answer: 'skip',
  reason,
  outcome: 'unfixable',
  code: 'never-contained',
});

const asking = (reason: string): ClauseResult => ({ clause: 'never-contained', answer: 'ask', reason });
