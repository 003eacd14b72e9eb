import { loadRules } from '../../functions/catalogue/catalogue';
import { textTable } from '../../functions/cli/print/text-table';
import { controls } from './controls';
import { coverage } from './coverage';
import { reasonOf } from './markdown/not-fixed';
import { omissions } from './omissions';
import { serviceOf } from './service';
import { type Tally, tallies, tally } from './tally';

/** `npm run coverage`: what the catalogue answers of all controls, and what is missing; fails where something is. */
function main(): void {
  const rules = loadRules().map(({ rule }) => rule);
  const found = coverage(rules, controls, omissions);
  const all = tally(found);
  const peer = tally(found, (control) => control.peer === true);

  const services = [...tallies(found, (control) => [serviceOf(control)])].filter(([, { scope, fixed }]) => scope + fixed > 0);
  console.log(
    textTable(
      ['service', 'controls', 'fixed', 'in scope', 'fixed', 'left out', 'missing'],
      [...services, ['all', all] as const].map(([name, counts]) => [name, ...numbers(counts)]),
    ),
  );
  console.log('');
  if (found.missing.length > 0) {
    const rows = found.missing.map(({ id, severity, class: sort, title }) => [id, severity, sort, title]);
    console.log(`Missing:\n${textTable(['control', 'severity', 'class', 'title'], rows)}\n`);
  }
  console.log(`${rules.length} rules fix ${all.fixed} of the ${all.controls} controls of Security Hub.`);
  console.log(
    `In scope: ${all.scope}, of which ${all.fixedInScope} are fixed, ${all.omitted} left out on purpose, ${all.missing} missing.`,
  );
  const others = controls.filter((one) => one.peer === true && one.status !== 'retired' && !found.fixed.includes(one));
  const reasons = others.map((one) => `${one.id} (${reasonOf(one).toLowerCase()})`).join(', ');
  console.log(
    `Automated Security Response on AWS fixes ${peer.controls}, of which ${peer.fixed} are fixed here${reasons && `; not ${reasons}`}.`,
  );
  for (const mistake of found.mistakes) console.error(mistake);
  if (found.missing.length + found.mistakes.length > 0) process.exitCode = 1;
}

const numbers = ({ controls: listed, fixed, scope, fixedInScope, omitted, missing }: Tally): readonly string[] =>
  [listed, fixed, scope, fixedInScope, omitted, missing].map(String);

main();
