import { textTable } from '../../functions/cli/print/text-table';
import { type CallsOfRule, complaints, total } from './calls-of-rules';
import { manyCalls, mostCalls } from './many-calls';
import { median } from './measure';

/** The calls a fix for people, rule by rule, and what they come to beside what is asked for. */
export function printCalls(calls: readonly CallsOfRule[], unmeasured: readonly string[]): void {
  const rows = calls.map(({ rule, plain, most }) => {
    const given = total(most) > total(plain) ? most.violation : '';
    return [rule, ...[plain.reads, plain.writes, plain.readBack, total(plain), total(most)].map(String), given];
  });
  console.log(textTable(['rule', 'reads', 'changes', 'read back', 'calls', 'maximum', 'violation'], rows));
  console.log('');
  const totals = calls.map(({ plain }) => total(plain));
  const largest = calls.map(({ most }) => total(most));
  console.log(
    `AWS API calls of a rule per fix, ${calls.length} rules: median ${median(totals)} (limit 4), maximum ${Math.max(...largest)} (limit ${mostCalls})`,
  );
  for (const { rule, most } of calls.filter((one) => total(one.most) > mostCalls))
    console.log(`${rule}: ${total(most)} calls. ${manyCalls[rule] ?? 'No reason is specified.'}`);
  for (const complaint of complaints(calls)) console.error(complaint);
  if (unmeasured.length > 0) console.error(`No fixes to count in the tests of: ${unmeasured.join(', ')}`);
}
