const Sequencer = require('@jest/test-sequencer').default;

/** The suites that take longest. Started last, one of them would run alone at the end, on one core. */
const slow = [
  'infra/command',
  'demo/demo',
  'guardrails/burst',
  'route/catalogue',
  'scaffold/new-rule',
  'infra/deploy',
  'emulator/moto',
  'remediate/crash',
];

/** A clean checkout has no record of how long each suite takes, so the slow ones are named here. */
module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const index = slow.findIndex((suite) => path.endsWith(`test/${suite}.test.ts`));
      return index < 0 ? slow.length : index;
    };
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
};
