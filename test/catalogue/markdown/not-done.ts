import type { Rule } from '../../../rules/rule';
import type { Case, Cases } from '../declared-cases';
import { ownParameters } from './own-parameters';

/** What a rule leaves to people, as it declares it: as lines of a list. */
export function notDone(rule: Rule, { unfixable, blocked, irreversible, nearest }: Cases): readonly string[] {
  const lines = [
    ...(rule.risk === 'disruptive' ? ['- It changes nothing unless the policy names it, because a fix can break clients.'] : []),
    ...ownParameters(rule)
      .filter(({ isRequired }) => isRequired)
      .map(({ name }) => `- It changes nothing until the policy sets \`${name}\`.`),
    ...unfollowed(rule),
    ...group('Asks for an approval in every mode, because AWS cannot undo it', irreversible),
    ...group('Rolls back only to a similar state', nearest),
    ...group('Ends `unfixable`', unfixable),
    ...group('Waits, and tries again', blocked),
  ];
  return lines.length > 0 ? lines : ['- It declares no exception: it fixes each resource that its detectors report.'];
}

/** The parameters of detectors that it does not follow, with each reason once. */
function unfollowed({ detectorParameters = {} }: Rule): readonly string[] {
  const reasons = new Map<string, Set<string>>();
  for (const [name, parameter] of Object.values(detectorParameters).flatMap((own) => Object.entries(own))) {
    if (!('unmappable' in parameter)) continue;
    const except = parameter.except?.length ? ` than \`${parameter.except.join('` or `')}\`` : '';
    const reason = `${except && `for another value${except}`}: ${parameter.unmappable}`;
    reasons.set(reason, (reasons.get(reason) ?? new Set()).add(name));
  }
  return [...reasons].map(([reason, names]) => {
    const named = [...names].map((name) => `\`${name}\``).join(', ');
    return `- Ends \`unfixable\` if a detector judges by ${named}${reason.startsWith(':') ? '' : ', '}${reason}`;
  });
}

function group(title: string, cases: readonly Case[]): readonly string[] {
  if (cases.length === 0) return [];
  return [`- ${title}:`, ...cases.map(({ sentence, code }) => `  - ${sentence}${code ? ` (\`${code}\`)` : ''}`)];
}
