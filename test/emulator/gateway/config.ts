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
  /** The deployed rules that DescribeConfigRules shows, by name. */
  readonly rules: Map<string, DeployedConfigRule>;
  /** Enters an exception from remediation, as PutRemediationExceptions does. */
  except(place: Pick<Place, 'account' | 'region'>, exception: Exception): void;
}

interface DeployedConfigRule {
  readonly parameters: Readonly<Record<string, string>>;
  /** The service that created it; left out, somebody in the account did. */
  readonly by?: string;
  readonly owner?: string;
}

interface Exception {
  readonly ConfigRuleName: string;
  readonly ResourceType: string;
  readonly ResourceId: string;
  readonly Message?: string;
  /** Seconds since 1970. */
  readonly ExpirationTime?: number;
}

const maxKeys = 100;
/** Small, so that tests meet a second page. */
const pageSize = 2;

const maxRules = 25;
const pauseMilliseconds = 60_000;

/** The part of AWS Config that moto lacks: StartConfigRulesEvaluation, at most once a minute a rule. */
export const emulateConfig = () => {
  const evaluations: Evaluation[] = [];
  const missing = new Set<string>();
  const rules: Config['rules'] = new Map();
  const exceptions: (Pick<Place, 'account' | 'region'> & { readonly exception: Exception })[] = [];

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
    'config:DescribeConfigRules'(operation) {
      const names = (operation.input as { readonly ConfigRuleNames?: readonly string[] }).ConfigRuleNames ?? [];
      const unknown = names.find((name) => !rules.has(name));
      if (unknown !== undefined) {
        const message = `The ConfigRule '${unknown}' provided in the request is invalid. Please check the configRule name`;
        return errorAnswer(operation, { status: 400, code: 'NoSuchConfigRuleException', message });
      }
      const shown = names.map((ConfigRuleName) => {
        const { parameters, by, owner = 'AWS' } = rules.get(ConfigRuleName) as DeployedConfigRule;
        const Source = { Owner: owner, SourceIdentifier: ConfigRuleName.toUpperCase().replaceAll('-', '_') };
        return { ConfigRuleName, Source, InputParameters: JSON.stringify(parameters), ...(by && { CreatedBy: by }) };
      });
      return jsonAnswer({ ConfigRules: shown });
    },
    'config:DescribeRemediationExceptions'(operation, { account, region }) {
      const { ConfigRuleName, ResourceKeys, NextToken } = operation.input as {
        readonly ConfigRuleName?: string;
        readonly ResourceKeys?: readonly Pick<Exception, 'ResourceType' | 'ResourceId'>[];
        readonly NextToken?: string;
      };
      if (typeof ConfigRuleName !== 'string' || (ResourceKeys && (ResourceKeys.length < 1 || ResourceKeys.length > maxKeys))) {
        const message = `ConfigRuleName is required, and ResourceKeys, if given, must hold 1 to ${maxKeys} keys`;
        return errorAnswer(operation, { status: 400, code: 'InvalidParameterValueException', message });
      }
      const found = exceptions
        .filter((one) => one.account === account && one.region === region)
        .map(({ exception }) => exception)
        .filter((one) => one.ConfigRuleName === ConfigRuleName)
        .filter(
          (one) => !ResourceKeys || ResourceKeys.some((key) => key.ResourceType === one.ResourceType && key.ResourceId === one.ResourceId),
        );
      const from = Number(NextToken ?? 0);
      const end = from + pageSize;
      return jsonAnswer({ RemediationExceptions: found.slice(from, end), ...(end < found.length && { NextToken: String(end) }) });
    },
  };

  const except: Config['except'] = ({ account, region }, exception) => void exceptions.push({ account, region, exception });
  return { config: { evaluations, missing, rules, except } satisfies Config, operations };
};
