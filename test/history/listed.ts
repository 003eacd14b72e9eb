import type { Kind } from '../../functions/log/event';
import { controls } from '../catalogue/controls';
import type { RuleOfHistory } from './generate';
import type { Moment, Script } from './script';

/** A row that a list has to have, from what the generator decided. Nothing here reads an event of the log. */
export interface ListedMoment {
  readonly script: Script;
  readonly moment: Moment;
  readonly actor: string;
}

/** What a list asks, by the names of the options. */
export interface ListQuestion {
  readonly account?: string;
  readonly rule?: string;
  readonly resource?: string;
  readonly finding?: string;
  readonly outcome?: string;
  readonly kind?: string;
  readonly actor?: string;
  readonly control?: string;
  readonly severity?: string;
  readonly standard?: string;
  readonly source?: string;
  readonly steps?: boolean;
  readonly since?: string;
  readonly until?: string;
}

/** Shown without an outcome: what announces a change, and what operators did. */
const announced: readonly Kind[] = ['planned', 'rollback-requested', 'approved', 'released', 'stopped', 'resumed'];

/** The rows of a list in order, the newest first. */
export function expectedList(scripts: readonly Script[], question: ListQuestion, rules: readonly RuleOfHistory[]): readonly ListedMoment[] {
  const isMeant = (script: Script) =>
    (['account', 'rule', 'resource', 'finding', 'source'] as const).every((name) => [undefined, script[name]].includes(question[name])) &&
    [undefined, script.detectedBy].includes(question.control) &&
    (question.severity === undefined || (script.rule !== 'posture' && script.severity === question.severity)) &&
    (question.standard === undefined || isOf(script.rule, question.standard, rules));
  const rows = scripts.filter(isMeant).flatMap((script) =>
    script.moments.map((moment): ListedMoment => {
      const actor = moment.person !== undefined && moment.kind !== 'planned' ? moment.person : roleOf(script.rule);
      return { script, moment, actor };
    }),
  );
  const isNamed = question.steps || question.outcome !== undefined || question.kind !== undefined;
  const listed = rows.filter(
    ({ moment, actor }) =>
      [undefined, moment.outcome].includes(question.outcome as never) &&
      [undefined, moment.kind].includes(question.kind as never) &&
      [undefined, actor].includes(question.actor) &&
      timeOf(moment) >= (question.since ?? '') &&
      timeOf(moment) <= (question.until ?? '9') &&
      (isNamed || moment.outcome !== undefined || announced.includes(moment.kind)),
  );
  return listed.sort((a, b) => b.moment.at - a.moment.at);
}

export const timeOf = ({ at }: Moment): string => new Date(at).toISOString();

export const roleOf = (rule: string): string => `arn:aws:iam::123456789012:role/posture-function-${rule}`;

/** Whether AWS assigns one of the rule's controls to the standard. */
const isOf = (id: string, standard: string, rules: readonly RuleOfHistory[]): boolean => {
  const own = rules.find((rule) => rule.id === id)?.detectedBy.securityHub ?? [];
  return controls.some((control) => own.includes(control.id) && control.standards.some((one) => one.split(':')[0] === standard));
};
