import type { Fit } from './fit';

/** What the scaffold leaves to whoever writes the rule, besides the words that `functions/catalogue/unfilled.ts` knows. */
export const marks = {
  error: 'THE NAME OF THE ERROR WHERE THERE IS NONE',
  state: 'WHAT THE PLAN HAS TO KNOW OF THE ANSWER',
  expected: 'THE STATE THAT IS EXPECTED',
  value: 'WHAT THE CALL WANTS',
  missing: 'THE ID OF ONE THAT IS NOT THERE',
  violation: 'THE FAULT, IN WORDS',
  compliant: 'WHAT LOOKS LIKE IT, BUT IS AS IT SHOULD BE',
  making: "return world.account.replace(/.*/, 'MAKE ONE WITH THE FAULT, AND RETURN ITS ID');",
} as const;

/** The files of a new rule, by their path: formatted, and refused by the catalogue until somebody has filled in the words in capitals. */
export function scaffold(service: string, name: string, fit: Fit): Readonly<Record<string, string>> {
  const { client, type, arn, read, write } = fit;
  const commands = [...new Set([read.command, write.command])];
  const scope = arn.includes(':{region}:') ? 'regional' : 'global';
  const held = arn.replace(/\{(id|name)\}/g, '*');
  const [id = 'THING', ...others] = write.required;
  const set = others.length > 0 ? others : ['THING'];
  const input = [id === 'id' ? 'id' : `${id}: id`, ...set.map((member) => `${member}: value`)].join(', ');
  return {
    [`rules/${service}/${name}.ts`]: `import { ${[...commands, client].toSorted().join(', ')} } from '${fit.package}';
import { undefinedOn } from '../absence';
import { defineRule, notFound } from '../rule';

export default defineRule({
  id: '${service}-${name}',
  title: 'THE EXPECTED STATE, IN A SENTENCE WITHOUT A FULL STOP',
  why: 'WHAT CAN HAPPEN OTHERWISE.',
  impact: 'WHAT THE OWNER NOTICES, AND WHAT IT COSTS.',
  severity: 'medium',
  risk: 'safe',
  resource: {
    type: '${type}',
    arn: '${arn}',
    scope: '${scope}',
    target: ({ id }) => ({ ${id === 'id' ? 'id' : `${id}: id`} }),
  },
  detectedBy: { securityHub: ['${fit.control}.0'], config: ['${service}-${name}'] },
  permissions: {
    inspect: { actions: ['${read.action}'], on: '${held}' },
    change: { actions: ['${write.action}'], on: '${held}' },
  },
  clients: [${client}],
  commands: [${write.command}],

  async inspect({ id }, aws) {
    const answer = await undefinedOn(['${marks.error}'], aws.send(new ${read.command}({ ${inputOf(read.required)} })));
    return answer ? { value: '${marks.state}' } : notFound;
  },

  plan({ id }, { value }) {
    if (value === '${marks.expected}') return [];
    return [{ do: setting(id, '${marks.expected}'), undo: setting(id, value) }];
  },
});

const setting = (id: string, value: string) => new ${write.command}({ ${input} });
`,
    [`test/rules/${service}/${name}.test.ts`]: `import { ${write.command} } from '${fit.package}';
import rule from '../../../rules/${service}/${name}';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    '${marks.violation}': { seed: newOne },
  },
  compliant: {
    '${marks.compliant}': {
      async seed(world) {
        const id = await newOne(world);
        const value = '${marks.expected}';
        await world.send(new ${write.command}({ ${input} }));
        return id;
      },
    },
  },
  missing: '${marks.missing}',
});

async function newOne(world: World): Promise<string> {
  ${marks.making}
}
`,
  };
}

const inputOf = ([id = 'THING', ...others]: readonly string[]): string =>
  [id === 'id' ? 'id' : `${id}: id`, ...others.map((member) => `${member}: '${marks.value}'`)].join(', ');
