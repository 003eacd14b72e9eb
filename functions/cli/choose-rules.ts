import { detectorsOf } from '../../rules/detectors';
import { type CatalogueEntry, loadRules } from '../catalogue/catalogue';
import { nearest } from '../nearest';
import { identifierOf } from '../sources/config/identifier';
import { isDeployment } from '../sources/config/managed-rule';
import { quote } from '../untrusted-text';
import { Unable } from './failure';

export interface RuleChoice {
  readonly rule?: readonly string[];
  /** A Security Hub control id, a finding type, or a Config rule: the name of the managed rule, a name that AWS gives to its deployments, or its identifier. */
  readonly control?: string;
}

/** The named rules, or those for the control; all rules if neither is given. */
export function chooseRules({ rule: ids = [], control }: RuleChoice): readonly CatalogueEntry[] {
  const all = loadRules();
  const known = all.map(({ rule }) => rule.id);
  for (const id of ids) expectKnown('rule', id, known, 'List the rules with `posture rules`');
  const named = ids.length === 0 ? all : all.filter(({ rule }) => ids.includes(rule.id));
  if (control === undefined) return named;
  const chosen = named.filter((entry) => answersTo(entry, control));
  if (chosen.length > 0) return chosen;
  expectKnown(
    'control',
    control,
    all.flatMap(({ rule }) => detectorsOf(rule.detectedBy)),
    'List them with `posture rules`',
    true,
  );
  throw new Unable(`None of the rules ${ids.join(', ')} is for the control ${quote(control)}. Remove --rule or --control.`);
}

/** The controls and Config rules; for a rule without any, its other detectors. */
export const controlsOf = ({ rule: { detectedBy } }: Pick<CatalogueEntry, 'rule'>): readonly string[] => {
  const { securityHub, config } = detectedBy;
  return securityHub.length + config.length > 0 ? [...securityHub, ...config] : detectorsOf(detectedBy);
};

/** The control or finding type in the rule's own case, or the default name of the managed rule. */
export const controlNamed = (entry: Pick<CatalogueEntry, 'rule'>, control: string): string | undefined =>
  detectorsOf(entry.rule.detectedBy).find((one) => one.toLowerCase() === control.toLowerCase()) ??
  entry.rule.detectedBy.config.find((name) => identifierOf(name) === control.toUpperCase() || isDeployment(name, control));

export const answersTo = (entry: CatalogueEntry, control: string): boolean => controlNamed(entry, control) !== undefined;

/** Throws an Unable with the closest name if the value is not one of the names. */
export function expectKnown(what: string, given: string, names: readonly string[], otherwise: string, anyCase = false): void {
  if (names.some((name) => name === given || (anyCase && name.toLowerCase() === given.toLowerCase()))) return;
  const near = nearest(given, names);
  throw new Unable(`The ${what} ${quote(given)} does not exist. ${near === undefined ? '' : `Did you mean ${near}? `}${otherwise}.`);
}

/** A remark for an empty result: that this version has no such rule, and the closest one. An earlier version may have had it. */
export function remarkOn(rule: string | undefined): string {
  const known = rule === undefined ? [] : loadRules().map((entry) => entry.rule.id);
  if (rule === undefined || known.includes(rule)) return '';
  const near = nearest(rule, known);
  return ` This version has no rule ${quote(rule)}.${near === undefined ? '' : ` Did you mean ${near}?`}`;
}
