import { deepStrictEqual as equal, ok } from 'node:assert';
import { eachOf } from '../../functions/concurrency';
import type { Rule } from '../../rules/rule';
import { jsonOf } from './command-line';
import { outcomes, type Recorded, report } from './findings';
import type { Stage } from './stage';
import { twentyRules } from './twenty-rules';

/** Twenty findings on the bus, and nothing else, change twenty resources. */
export async function fixTwenty({ checks, faults, world, rules, events, dynamo, posture }: Stage): Promise<void> {
  console.log('Twenty findings on the default event bus');
  await checks.check('they are of twenty rules over ten services, at most five of which need a call of the emulator mended', async () => {
    const ids = twentyRules.map(({ control }) => ruleFor(rules, control).id);
    equal(new Set(ids).size, 20);
    ok(new Set(ids.map((id) => id.split('-')[0])).size >= 10);
    const mended = ids.filter((id) => faults.some((fault) => fault.rules.includes(id)));
    ok(mended.length <= 5, mended.join(', '));
  });
  const cases = await checks.step('make twenty resources that violate twenty rules', () =>
    eachOf(twentyRules, 4, async ({ control, resource }) => ({ control, reported: await resource(world) })),
  );
  const ends = await checks.step('report them, and wait for the deployed functions', async () => {
    await report(events, cases);
    return outcomes(
      dynamo,
      cases.map(({ reported }) => reported.arn),
    );
  });
  for (const { control, reported } of cases) {
    const rule = ruleFor(rules, control);
    await checks.check(`${control} ${rule.id}`, async () => {
      const { outcome, reason } = ends.get(reported.arn) ?? {};
      equal({ outcome, reason: outcome === 'fixed' ? '' : reason }, { outcome: 'fixed', reason: '' });
    });
  }
  await checks.check('posture log lists them as fixed', async () => {
    const listed = await jsonOf<{ readonly entries: readonly Recorded[] }>(posture, 'log', '--outcome', 'fixed');
    equal(new Set(listed.entries.map(({ resource }) => resource)), new Set(cases.map(({ reported }) => reported.arn)));
  });
}

function ruleFor(rules: readonly Rule[], control: string): Rule {
  const rule = rules.find(({ detectedBy }) => detectedBy.securityHub.includes(control));
  if (!rule) throw new Error(`No rule fixes ${control}.`);
  return rule;
}
