import { Command } from 'commander';
import { systemClock } from '../../clock';
import { isReviewDue, type ListedContainment, listContainments } from '../../coordination/containment';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import type { GlobalOptions } from '../global-options';
import { secondsOf } from '../log/log-text';
import { colours, print, printable, printJson } from '../print/printed';

/** What responses contain, as the command prints it. */
export interface Contained extends ListedContainment {
  /** Whether the time of its review has passed. */
  readonly overdue: boolean;
}

export const containedNow = (listed: readonly ListedContainment[], now: Date): readonly Contained[] =>
  listed.map((one) => ({ ...one, overdue: isReviewDue(one, now) }));

/** The resources that responses contain. */
export const containedCommand = (): Command =>
  new Command('contained')
    .description('Lists the resources that responses contain, and until when they are to be reviewed.')
    .action(async (_, command: Command) => {
      const { dynamo, coordination } = await openTables(await findCaller(), ['coordination']);
      const contained = containedNow(await listContainments(dynamo, coordination, systemClock), systemClock.now());
      if (command.optsWithGlobals<GlobalOptions>().json) printJson(contained);
      else if (contained.length === 0) print('Nothing is contained.');
      else printContained(contained);
    });

function printContained(contained: readonly Contained[]): void {
  for (const one of contained) {
    print(colours().bold(printable(one.resource)));
    for (const [name, value] of rowsOf(one)) print(`  ${name.padEnd(12)} ${value}`);
    print();
  }
  print(`Nothing else changes these resources, until an approver releases them:
  posture log --remediation <rule>/<id>
  posture rollback <rule>/<id> --deployed --why "..."`);
}

function rowsOf({ rule, remediation, account, region, since, detectedBy, finding, approvedBy, review, overdue }: Contained) {
  const { red } = colours();
  const place = account === undefined ? undefined : `${account}, ${region}`;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['remediation', `${rule}/${remediation}`],
    ['account', place],
    ['since', since === undefined ? 'unknown: its record can not be read' : secondsOf(since)],
    ['found by', detectedBy],
    ['finding', finding],
    ['approved by', approvedBy ?? 'nobody: by the policy'],
  ];
  const until = review === undefined ? 'now' : secondsOf(review);
  return [
    ...rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, printable(value)] as const])),
    ['review', `${overdue ? red('overdue since ') : 'until '}${printable(until)}`] as const,
  ];
}
