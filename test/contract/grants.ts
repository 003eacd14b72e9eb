import { type Call, callOf } from '../../functions/aws/call';
import { type Grant, toArray, type Rule } from '../../rules/rule';
import { iamActionOf } from '../emulator/iam-action';

/** What a look may call, and what a fix may. */
export function grantsOf(rule: Rule, phase: 'inspect' | 'change'): readonly Grant[] {
  const kinds = toArray(rule.resource).flatMap(({ permissions = [] }) => permissions);
  const inspect = [...toArray(rule.permissions.inspect), ...kinds];
  return phase === 'inspect' ? inspect : [...inspect, ...toArray(rule.permissions.change)];
}

/** Every call is one that the rule declares for the phase. */
export function expectGranted(rule: Rule, calls: readonly Call[], phase: 'inspect' | 'change'): void {
  const granted = grantsOf(rule, phase).flatMap(({ actions }) => actions);
  const undeclared = calls.map(iamActionOf).filter((action) => !granted.includes(action));
  expect(undeclared).toEqual([]);
}

/** Every declared action and command class was used in some test of the rule, but for those that the scenario says can't be. */
export function expectUsed(rule: Rule, calls: readonly Call[], unexercised: Readonly<Record<string, string>>): void {
  const used = new Set(calls.map(iamActionOf));
  const declared = grantsOf(rule, 'change').flatMap(({ actions }) => actions);
  expect(declared.filter((action) => !used.has(action) && !Object.hasOwn(unexercised, action))).toEqual([]);
  expect(Object.keys(unexercised).filter((action) => used.has(action) && declared.includes(action))).toEqual([]);
  const sent = new Set(calls.map(({ service, operation }) => `${service}:${operation}`));
  const classes = rule.commands.map((Command) => callOf(new Command({}))).map(({ service, operation }) => `${service}:${operation}`);
  expect(classes.filter((name) => !sent.has(name) && !Object.hasOwn(unexercised, name))).toEqual([]);
}
