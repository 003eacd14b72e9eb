import {
  type ConfigRule,
  DescribeConfigRulesCommand,
  type DescribeConfigRulesCommandOutput,
  type EvaluationResult,
  GetComplianceDetailsByConfigRuleCommand,
  type GetComplianceDetailsByConfigRuleCommandOutput,
} from '@aws-sdk/client-config-service';
import type { Aws } from '../../rules/rule';
import { days } from '../duration';
import { identify } from '../sources/config/identify';
import { readEvent } from '../sources/read-event';
import type { Report, SourcePorts } from './ports';

/** A periodic Config rule records its result anew each time, and what stands is in the log once a week. */
const standsFor = days(8);

/** The noncompliant resources of the Config rules of the central account that are managed rules of the catalogue. Those of Security Hub are its findings. */
export async function* noncompliance({ rules, central, connect, identification, clock }: SourcePorts): AsyncGenerator<Report> {
  const aws = connect(central);
  const known = [...new Set(rules.flatMap(({ detectedBy }) => detectedBy.config))];
  for await (const deployed of configRulesIn(aws)) {
    const { ConfigRuleName: name = '' } = deployed;
    if (deployed.CreatedBy === 'securityhub.amazonaws.com') continue;
    const found = await identify({ ...central, name }, known, { ...identification, describe: async () => deployed });
    if ('problem' in found) continue;
    const meant = rules.filter(({ detectedBy }) => detectedBy.config.includes(found.managed));
    for await (const result of resultsOf(name, aws)) {
      const event = eventOf(deployed, result, central, clock.now());
      const evaluatedAt = result.ResultRecordedTime ?? new Date(0);
      const since = new Date(evaluatedAt.getTime() - standsFor);
      for (const rule of meant)
        for (const finding of readEvent(rule, event, { anyConfigRule: true }).findings) yield { rule, finding, event, evaluatedAt, since };
    }
  }
}

async function* configRulesIn(aws: Aws): AsyncGenerator<ConfigRule> {
  let NextToken: string | undefined;
  do {
    const page: DescribeConfigRulesCommandOutput = await aws.send(new DescribeConfigRulesCommand({ NextToken }));
    yield* page.ConfigRules ?? [];
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
}

async function* resultsOf(ConfigRuleName: string, aws: Aws): AsyncGenerator<EvaluationResult> {
  let NextToken: string | undefined;
  do {
    const page: GetComplianceDetailsByConfigRuleCommandOutput | undefined = await aws
      .send(new GetComplianceDetailsByConfigRuleCommand({ ConfigRuleName, ComplianceTypes: ['NON_COMPLIANT'], Limit: 100, NextToken }))
      .catch(undefinedIfDeleted);
    yield* page?.EvaluationResults ?? [];
    NextToken = page?.NextToken;
  } while (NextToken !== undefined);
}

/** It was deleted since it was listed. */
function undefinedIfDeleted(error: unknown): undefined {
  if (!(error instanceof Error && error.name === 'NoSuchConfigRuleException')) throw error;
}

function eventOf(
  { ConfigRuleName: configRuleName, ConfigRuleArn: configRuleARN }: ConfigRule,
  { EvaluationResultIdentifier, ComplianceType: complianceType, ResultRecordedTime }: EvaluationResult,
  { account, region }: SourcePorts['central'],
  now: Date,
) {
  const { ResourceType: resourceType, ResourceId: resourceId } = EvaluationResultIdentifier?.EvaluationResultQualifier ?? {};
  return {
    source: 'aws.config',
    'detail-type': 'Config Rules Compliance Change',
    account,
    region,
    time: now.toISOString(),
    resources: [],
    detail: {
      messageType: 'ComplianceChangeNotification',
      configRuleName,
      configRuleARN,
      awsAccountId: account,
      awsRegion: region,
      resourceType,
      resourceId,
      newEvaluationResult: { complianceType, ...(ResultRecordedTime && { resultRecordedTime: ResultRecordedTime.toISOString() }) },
    },
  };
}
