import { outcomeColour } from '../log/log-text';
import { colours, print, printable, printJson } from '../print/printed';
import type { Answer, Delivery, Refused } from './delivery';

/** Prints the results for one event of the file. */
export function printDelivery(delivery: Delivery, { total, deployed }: { readonly total: number; readonly deployed: boolean }): void {
  const { bold, dim } = colours();
  const { event, answers, refusals } = delivery;
  if (total > 1) print(bold(`Event ${event} of ${total}`));
  for (const answer of answers) for (const line of answerLines(answer, deployed)) print(line);
  for (const refusal of refusals) print(refusalLine(refusal));
  if (answers.length === 0 && refusals.length === 0) print(dim('No rule matches.'));
}

/** Outcomes that can be rolled back. */
const changed: readonly string[] = ['fixed', 'partly-fixed', 'unverified', 'incomplete', 'verifying'];

function answerLines(answer: Answer, deployed: boolean): readonly string[] {
  const how = deployed ? ' --deployed --why "..."' : '';
  const { bold, dim, red, yellow } = colours();
  if ('failure' in answer)
    return [`${red('not processed')}  ${bold(answer.rule)}`, ...answer.failure.split('\n').map((line) => `  ${line}`)];
  return [
    ...answer.results.flatMap(({ outcome, resource, reason, remediation }) => [
      `${outcomeColour(printable(outcome))}  ${bold(answer.rule)}  ${printable(resource)}`,
      `  ${printable(reason)}`,
      `  ${dim(`posture log --remediation ${printable(remediation)}`)}`,
      ...(changed.includes(outcome) ? [`  ${dim(`posture rollback ${printable(remediation)}${how}`)}`] : []),
    ]),
    ...answer.deferred.map((finding) => `  ${yellow('no retry scheduled')}; replay the event later: ${printable(finding)}`),
  ];
}

function refusalLine({ kind, reason, rules }: Refused): string {
  const { dim, red, yellow } = colours();
  const by = rules.length > 3 ? `by ${rules.length} rules` : `by ${rules.join(', ')}`;
  const whose = rules.length === 0 ? '' : ` ${dim(by)}`;
  return `${kind === 'invalid' ? red(kind) : yellow(kind)}  ${printable(reason)}${whose}`;
}

export const printDeliveries = (deliveries: readonly Delivery[]): void => printJson(deliveries);
