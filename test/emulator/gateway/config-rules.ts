import { identifierOf } from '../../../functions/sources/config/identifier';
import { errorAnswer, jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';

type Where = Pick<Place, 'account' | 'region'>;

/** A Config rule that somebody deployed under a name of their own. */
export interface OwnConfigRule {
  readonly name: string;
  /** As its events have it; made up from the name, if left out. */
  readonly arn?: string;
  readonly owner: 'AWS' | 'CUSTOM_LAMBDA' | 'CUSTOM_POLICY';
  readonly identifier: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** The service that created it; left out, somebody in the account did. */
  readonly createdBy?: string;
  /** What it finds noncompliant. */
  readonly noncompliant?: readonly { readonly type: string; readonly id: string /** Seconds since 1970. */; readonly recordedAt: number }[];
}

export interface ConfigRules {
  /** Deploys a Config rule, or changes it. */
  deploy(place: Where, rule: OwnConfigRule): void;
  remove(place: Where, name: string): void;
}

/** Small, so that tests meet a second page. */
const pageSize = 2;

/** The part of AWS Config that tells what Config rules are. Any name that AWS gives to a managed rule is deployed as that. */
export const emulateConfigRules = () => {
  const deployed = new Map<string, Map<string, OwnConfigRule | undefined>>();
  const rulesAt = ({ account, region }: Where) => {
    const found = deployed.get(`${account} ${region}`) ?? new Map<string, OwnConfigRule | undefined>();
    deployed.set(`${account} ${region}`, found);
    return found;
  };
  const ruleAt = (place: Where, name: string) => (rulesAt(place).has(name) ? rulesAt(place).get(name) : byDefault(name));

  const operations: LocalOperations = {
    'config:DescribeConfigRules'(operation, place) {
      const { ConfigRuleNames: names, NextToken } = operation.input as { readonly ConfigRuleNames?: string[]; readonly NextToken?: string };
      if (names === undefined) {
        const all = [...rulesAt(place).values()].filter((rule) => rule !== undefined);
        return jsonAnswer(page('ConfigRules', all.map(described(place)), NextToken));
      }
      const found = names.map((name) => ruleAt(place, name));
      const unknown = names.find((_, index) => found[index] === undefined);
      if (unknown !== undefined) return noSuchRule(operation, unknown);
      return jsonAnswer({ ConfigRules: found.filter((rule) => rule !== undefined).map(described(place)) });
    },
    'config:GetComplianceDetailsByConfigRule'(operation, place) {
      const { ConfigRuleName: name = '', NextToken } = operation.input as { readonly ConfigRuleName?: string; readonly NextToken?: string };
      const rule = ruleAt(place, name);
      if (!rule) return noSuchRule(operation, name);
      const results = (rule.noncompliant ?? []).map(({ type, id, recordedAt }) => ({
        EvaluationResultIdentifier: {
          EvaluationResultQualifier: { ConfigRuleName: name, ResourceType: type, ResourceId: id },
          OrderingTimestamp: recordedAt,
        },
        ComplianceType: 'NON_COMPLIANT',
        ResultRecordedTime: recordedAt,
        ConfigRuleInvokedTime: recordedAt,
      }));
      return jsonAnswer(page('EvaluationResults', results, NextToken));
    },
  };

  const configRules: ConfigRules = {
    deploy: (place, rule) => void rulesAt(place).set(rule.name, rule),
    remove: (place, name) => void rulesAt(place).set(name, undefined),
  };
  return { configRules, operations };
};

const described =
  ({ account, region }: Where) =>
  ({ name, arn, owner, identifier, parameters, createdBy }: OwnConfigRule) => ({
    ConfigRuleName: name,
    ConfigRuleArn: arn ?? `arn:aws:config:${region}:${account}:config-rule/config-rule-${Buffer.from(name).toString('hex').slice(0, 6)}`,
    ConfigRuleState: 'ACTIVE',
    Source: { Owner: owner, SourceIdentifier: identifier },
    ...(parameters && { InputParameters: JSON.stringify(parameters) }),
    ...(name.startsWith('securityhub-') && { CreatedBy: 'securityhub.amazonaws.com' }),
    ...(createdBy !== undefined && { CreatedBy: createdBy }),
  });

function page(key: string, all: readonly unknown[], token: string | undefined) {
  const from = Number(token ?? 0);
  const end = from + pageSize;
  return { [key]: all.slice(from, end), ...(end < all.length && { NextToken: String(end) }) };
}

const noSuchRule = (operation: Operation, name: string) =>
  errorAnswer(operation, {
    status: 400,
    code: 'NoSuchConfigRuleException',
    message: `The ConfigRule '${name}' provided in the request is invalid. Please check the configRule name`,
  });

/** A managed rule under a name that AWS gives: its own, that of Security Hub, of a conformance pack, or of an organization. */
function byDefault(name: string): OwnConfigRule | undefined {
  const [, own = name] =
    /^securityhub-(.+)-[0-9a-z]+$/.exec(name) ??
    /^OrgConfigRule-(.+)-[0-9a-z]+$/.exec(name) ??
    /^(.+)-conformance-pack-[0-9a-z]+$/.exec(name) ??
    [];
  return /^[a-z0-9-]+$/.test(own) ? { name, owner: 'AWS', identifier: identifierOf(own) } : undefined;
}
