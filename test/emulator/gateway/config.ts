import { errorAnswer, jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';

/** One rule that StartConfigRulesEvaluation was asked to evaluate. */
interface Evaluation extends Place {
  readonly rule: string;
}

export interface Config {
  readonly evaluations: readonly Evaluation[];
  /** Names of Config rules that Config shall not know. */
  readonly missing: Set<string>;
}

const maxRules = 25;
const pauseMilliseconds = 60_000;

/** The part of AWS Config that moto lacks: StartConfigRulesEvaluation, at most once a minute a rule. */
export const emulateConfig = () => {
  const evaluations: Evaluation[] = [];
  const missing = new Set<string>();

  const operations: LocalOperations = {
    'config:StartConfigRulesEvaluation'(operation, place) {
      const rules = operation.input.ConfigRuleNames ?? [];
      if (!Array.isArray(rules) || rules.length < 1 || rules.length > maxRules || !rules.every((rule) => typeof rule === 'string')) {
        const message = `ConfigRuleNames must hold 1 to ${maxRules} names of Config rules`;
        return errorAnswer(operation, { status: 400, code: 'InvalidParameterValueException', message });
      }
      const unknown = rules.find((rule) => missing.has(rule));
      if (unknown !== undefined) {
        const message = `The ConfigRule '${unknown}' provided in the request is invalid. Please check the configRule name`;
        return errorAnswer(operation, { status: 400, code: 'NoSuchConfigRuleException', message });
      }
      const recent = evaluations.some(
        ({ account, region, time, rule }) =>
          account === place.account && region === place.region && place.time - time < pauseMilliseconds && rules.includes(rule),
      );
      if (recent) {
        const message = 'You can start an evaluation of a Config rule once a minute. Wait for the last one to end, and try again.';
        return errorAnswer(operation, { status: 400, code: 'LimitExceededException', message });
      }
      for (const rule of rules) evaluations.push({ ...place, rule });
      return jsonAnswer({});
    },
  };

  return { config: { evaluations, missing } satisfies Config, operations };
};
