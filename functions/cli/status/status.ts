import { Command } from 'commander';
import { systemClock } from '../../clock';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import type { GlobalOptions } from '../global-options';
import { printJson } from '../print/printed';
import { attentionOf } from './attention';
import { readStatus } from './read-status';
import { printStatus } from './status-text';

const afterwards = `
At most 90 requests read this, whatever the size of the log. The lists are cut where there is more: \`posture approvals\`, \`posture open\`,
\`posture breaker\` and \`posture log\` show all.

Exit codes, for monitors:
  0  nothing needs attention
  1  error, or a part could not be read
  2  something needs attention: changes are stopped, a breaker is open, the review of a containment is due, a plan waits for an approval,
     a remediation is open for more than 15 minutes, something failed in the last 24 hours, a deadline of the policy was missed or
     ends within a day, a route is not as deployed, a dead-letter queue is not empty, or there is no valid policy in force

Examples:
  posture status
  posture status --json`;

export const statusCommand = (): Command =>
  new Command('status')
    .description(
      'Shows how the remediator stands: stops, policy, breakers, containments, approvals, open, deferred and failed remediations, dead letters.',
    )
    .addHelpText('after', afterwards)
    .action(async (_, command: Command) => {
      const { json } = command.optsWithGlobals<GlobalOptions>();
      const caller = await findCaller();
      const tables = await openTables(caller, ['log', 'orders', 'coordination']);
      const status = await readStatus(caller, tables, systemClock);
      const attention = attentionOf(status);
      if (json) printJson({ version: '1', ...status, attention });
      else printStatus(status, attention);
      process.exitCode = exitCode(status.unread.length, attention.length);
    });

const exitCode = (unread: number, attention: number): number => {
  if (unread > 0) return 1;
  return attention > 0 ? 2 : 0;
};
