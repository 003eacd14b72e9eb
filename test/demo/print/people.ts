import { outcomeColour, secondsOf } from '../../../functions/cli/log/log-text';
import { printTrail } from '../../../functions/cli/log/trail-text';
import { differenceLines } from '../../../functions/cli/print/change-text';
import { differences } from '../../../functions/cli/print/difference';
import { colours, print, printable } from '../../../functions/cli/print/printed';
import type { Reply } from '../../../functions/control/reply';
import type { Result } from '../../../functions/remediate/context';
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
        heading(`1. Observe: ${reports} findings of Security Hub and AWS Config arrive, and nothing is changed`);
      } else {
        heading('2. Fix: the mode of the rules is set to fix, and the same findings arrive again');
      }
      return openTable(name);
    },

    summary(summary) {
      heading('Summary');
      for (const [name, value] of Object.entries(summaryTexts(summary))) print(`  ${name.padEnd(30)} ${bold(value)}`);
    },

    trail({ resource, entries, record }) {
      heading(`3. Audit: the log of ${printable(resource)}`);
      print(dim('  all findings for the resource'));
      for (const { time, kind, outcome, detectedBy, reason } of entries) {
        const result = outcomeColour((outcome ?? kind).padEnd(17));
        print(`  ${dim(secondsOf(time))}  ${detectedBy.padEnd(8)}  ${result}  ${printable(reason)}`);
      }
      print(dim('\n  the fix, event by event'));
      printTrail(record, 'table');
    },

    rollback({ result, before, fixed, after, findBreaks }) {
      heading(`4. Roll back: the fix of ${printable(result.resource)} is reverted, using only the log`);
      print(`  ${result.outcome === 'rolled-back' ? green(result.outcome) : red(result.outcome)}  ${printable(result.reason)}`);
      print(dim('  changes of the fix'));
      for (const line of differenceLines(differences(stateOf(before), stateOf(fixed)))) print(`    ${line}`);
      print(dim('  differences from the state before the fix'));
      const left = differenceLines(differences(stateOf(before), stateOf(after)));
      for (const line of left.length > 0 ? left : [green('none')]) print(`    ${line}`);
      for (const one of findBreaks) print(`  ${red('broken')}  ${printable(one)}`);
    },

    decided({ asked, mail, refused, approved, repeated, fixed, stopped, meanwhile, started }) {
      heading(`5. Approve: the policy requires approval to enable versioning for ${printable(asked.resource)}`);
      const said = (who: string, what: string, { done, reason }: Reply) =>
        print(`  ${who.padEnd(9)} ${what.padEnd(9)} ${done ? green('done   ') : yellow('refused')}  ${printable(reason)}`);
      const ended = ({ outcome, reason }: Result) => print(`  ${''.padEnd(19)} ${outcomeColour(outcome.padEnd(7))}  ${printable(reason)}`);
      ended(asked);
      print(dim('  email to the on-call engineer'));
      for (const line of [mail.subject, '', ...mail.body.trimEnd().split('\n')]) print(`    ${printable(line)}`);
      print(dim('  requests to the control endpoint'));
      said('intern', 'approve', refused);
      said('on call', 'approve', approved);
      ended(fixed);
      said('on call', 'approve', repeated);
      said('on call', 'stop', stopped);
      ended(meanwhile);
      said('on call', 'resume', started);
    },

    ticket({ key, title, steps: [opened, ...later], stranger, operator, fixed }) {
      print(dim('  a ticket, in a stand-in of GitHub on this machine, answered by signed webhooks'));
      print(`    ${key}  ${printable(title)}`);
      const step = (who: string, what: string, text: string) => print(`    ${who.padEnd(19)} ${what}  ${dim(printable(text))}`);
      if (opened) step(opened.outcome, opened.result.padEnd(9), opened.state);
      for (const { login, text, reply } of [stranger, operator])
        step(login, reply?.done ? green('done     ') : yellow('refused  '), `${text}: ${reply?.reason ?? 'not asked'}`);
      for (const { outcome, result, state } of later)
        step(outcome, result.padEnd(9), outcome === fixed.outcome ? `${state}: ${fixed.reason}` : state);
    },

    responses(responses) {
      heading('6. Respond: GuardDuty reports threats, each is contained after an approval, and released');
      for (const { finding, threat, asked, approved, contained, released, rolledBack, seen } of responses) {
        print(`  ${bold(finding)}  ${dim(printable(threat))}`);
        const step = (what: string, { outcome, reason }: Result, sight: string) =>
          print(`    ${what.padEnd(8)} ${outcomeColour(outcome.padEnd(17))}  ${bold(printable(sight))}  ${dim(printable(reason))}`);
        step('found', asked, seen.asked);
        print(`    ${'on call'.padEnd(8)} ${approved.done ? green('approved') : yellow('refused')}  ${dim(printable(approved.reason))}`);
        step('contain', contained, seen.contained);
        print(`    ${'on call'.padEnd(8)} ${released.done ? green('released') : yellow('refused')}  ${dim(printable(released.reason))}`);
        step('release', rolledBack, seen.released);
      }
    },

    patch({ finding, asked, approved, patched, read }) {
      heading('7. Patch: Inspector reports a vulnerable package, which is updated after an approval (agent and Inspector are stand-ins)');
      print(`  ${bold(printable(finding))}`);
      const step = (what: string, { outcome, reason }: Result) =>
        print(`    ${what.padEnd(8)} ${outcomeColour(outcome.padEnd(17))}  ${dim(printable(reason))}`);
      step('found', asked);
      print(`    ${'on call'.padEnd(8)} ${approved.done ? green('approved') : yellow('refused')}  ${dim(printable(approved.reason))}`);
      print(`    ${'instance'.padEnd(8)} ${bold(`reads ${read.after.map(printable).join(', ')}`)}  ${dim('from the URL in the command')}`);
      step('patch', patched);
    },

    checks(checks, seconds) {
      heading('Checks');
      for (const { name, problems } of checks) {
        print(`  ${problems.length === 0 ? green('passed') : red('FAILED')}  ${name}`);
        for (const problem of problems) print(`       ${red(printable(problem))}`);
      }
      const wrong = checks.reduce((sum, { problems }) => sum + problems.length, 0);
      const verdict = wrong === 0 ? green('All checks passed') : red(`${wrong} ${wrong === 1 ? 'problem was' : 'problems were'} found`);
      print(`\n${bold(verdict)}, after ${seconds.toFixed(1)} s.`);
    },
  };
}

const stateOf = (sight: Sight): Json => (sight === 'gone' ? 'gone' : sight.state);

const summaryTexts = ({ found, fixed, partlyFixed, leftAlone, awsCalls, milliseconds, calls, dollars }: Summary) => ({
  'violations found': String(found),
  fixed: `${fixed}, and ${partlyFixed} partly (the irreversible changes await approval)`,
  'not changed, with a reason': String(leftAlone),
  'total AWS API calls': String(awsCalls),
  'AWS API calls per fix': `p50 ${calls.p50}, p95 ${calls.p95}`,
  'time per fix': `p50 ${Math.round(milliseconds.p50)} ms, p95 ${Math.round(milliseconds.p95)} ms`,
  'estimated cost per fix': `$${dollars.toFixed(6)}, or $${(dollars * 1000).toFixed(2)} per thousand (prices: test/price)`,
});
