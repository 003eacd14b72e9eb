import { outcomeColour, secondsOf } from '../../../functions/cli/log/log-text';
import { printTrail } from '../../../functions/cli/log/trail-text';
import { differenceLines } from '../../../functions/cli/print/change-text';
import { differences } from '../../../functions/cli/print/difference';
import { colours, print, printable } from '../../../functions/cli/print/printed';
import type { Reply } from '../../../functions/control/reply';
import type { Ending } from '../../../functions/remediate/context';
import type { Json } from '../../../rules/rule';
import type { Sight } from '../evidence';
import type { Summary } from '../summary';
import type { Show } from './show';
import { openTable } from './table';

/** Shows the demo as text: in colours on a terminal, plain elsewhere. */
export function showToPeople(): Show {
  const { bold, dim, green, red, cyan, yellow } = colours();
  const heading = (text: string) => print(`\n${bold(cyan(text))}`);

  return {
    doing: (what) => print(dim(`· ${what}`)),
    detail: (line) => print(dim(`    ${printable(line)}`)),

    pass(name, reports) {
      if (name === 'observe') {
        heading(`1. Observe: ${reports} reports of Security Hub and AWS Config come in, and nothing is changed`);
      } else {
        heading('2. Fix: the owner sets the rules to fix, and the same reports come in again');
      }
      return openTable(name);
    },

    summary(summary) {
      heading('In numbers');
      for (const [name, value] of Object.entries(summaryTexts(summary))) print(`  ${name.padEnd(30)} ${bold(value)}`);
    },

    trail({ resource, entries, events }) {
      heading(`3. Audit: what the log says of ${printable(resource)}`);
      print(dim('  all reports of it, by the index of resources'));
      for (const { time, kind, outcome, detectedBy, reason } of entries) {
        const ending = outcomeColour((outcome ?? kind).padEnd(17));
        print(`  ${dim(secondsOf(time))}  ${detectedBy.padEnd(8)}  ${ending}  ${printable(reason)}`);
      }
      print(dim('\n  the fix, event by event'));
      printTrail(events, 'table');
    },

    rollback({ ending, before, fixed, after, breaks }) {
      heading(`4. The fix of ${printable(ending.resource)} is rolled back, from the log alone`);
      print(`  ${ending.outcome === 'rolled-back' ? green(ending.outcome) : red(ending.outcome)}  ${printable(ending.reason)}`);
      print(dim('  what the fix had changed'));
      for (const line of differenceLines(differences(stateOf(before), stateOf(fixed)))) print(`    ${line}`);
      print(dim('  what is different now from before the fix'));
      const left = differenceLines(differences(stateOf(before), stateOf(after)));
      for (const line of left.length > 0 ? left : [green('nothing')]) print(`    ${line}`);
      for (const one of breaks) print(`  ${red('broken')}  ${printable(one)}`);
    },

    decided({ asked, mail, refused, approved, repeated, fixed, stopped, meanwhile, started }) {
      heading(`5. People decide: the policy asks, and ${printable(asked.resource)} keeps no earlier versions`);
      const said = (who: string, what: string, { done, reason }: Reply) =>
        print(`  ${who.padEnd(9)} ${what.padEnd(9)} ${done ? green('done   ') : yellow('refused')}  ${printable(reason)}`);
      const ended = ({ outcome, reason }: Ending) => print(`  ${''.padEnd(19)} ${outcomeColour(outcome.padEnd(7))}  ${printable(reason)}`);
      ended(asked);
      print(dim('  the mail to who is on call'));
      for (const line of [mail.subject, '', ...mail.body.trimEnd().split('\n')]) print(`    ${printable(line)}`);
      print(dim('  what they order, by the signed endpoint'));
      said('intern', 'approve', refused);
      said('on call', 'approve', approved);
      ended(fixed);
      said('on call', 'approve', repeated);
      said('on call', 'stop', stopped);
      ended(meanwhile);
      said('on call', 'start', started);
    },

    checks(checks, seconds) {
      heading('Is all as it should be?');
      for (const { name, problems } of checks) {
        print(`  ${problems.length === 0 ? green('yes') : red('NO ')}  ${name}`);
        for (const problem of problems) print(`       ${red(printable(problem))}`);
      }
      const wrong = checks.reduce((sum, { problems }) => sum + problems.length, 0);
      const verdict =
        wrong === 0 ? green('All is as it should be') : red(`${wrong} ${wrong === 1 ? 'thing is' : 'things are'} not as it should be`);
      print(`\n${bold(verdict)}, after ${seconds.toFixed(1)} s.`);
    },
  };
}

const stateOf = (sight: Sight): Json => (sight === 'gone' ? 'gone' : sight.state);

const summaryTexts = ({ found, fixed, partlyFixed, leftAlone, awsCalls, milliseconds, calls, dollars }: Summary) => ({
  'violations found': String(found),
  fixed: `${fixed}, and ${partlyFixed} but for what can't be undone, which waits for an approval`,
  'left alone, with a reason': String(leftAlone),
  'AWS calls in all': String(awsCalls),
  'AWS calls a fix': `${calls.p50} in the middle, ${calls.p95} at the 95th percentile`,
  'time a fix': `${Math.round(milliseconds.p50)} ms in the middle, ${Math.round(milliseconds.p95)} ms at the 95th percentile`,
  'estimated price of a fix': `$${dollars.toFixed(6)}, or $${(dollars * 1000).toFixed(2)} for a thousand (assumptions: test/demo/cost.ts)`,
});
