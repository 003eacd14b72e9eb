import { type Settings, settings } from '../../functions/settings/settings';
import type { Json, Rule } from '../../rules/rule';

/** Parameters that a rule can't do without, as an owner would set them. */
const parameters: Readonly<Record<string, Readonly<Record<string, Json>>>> = {
  'rds-instance-monitoring-enhanced': { monitoringRole: 'rds-monitoring-role' },
};

/** As after a first deployment: nothing is changed. */
export const observing: Settings = settings.parse({
  rules: Object.fromEntries(Object.entries(parameters).map(([id, own]) => [id, { parameters: own }])),
});

/** The owner lets all rules fix, and names each, so that the disruptive ones do as well. */
export const fixing = (rules: readonly Rule[]): Settings =>
  settings.parse({ rules: Object.fromEntries(rules.map(({ id }) => [id, { mode: 'fix', parameters: parameters[id] ?? {} }])) });
