import type * as z from 'zod';
import { type Place, type Rule, toArray } from '../../../rules/rule';
import { parseArn } from '../../aws/arn';
import { partitionIn } from '../../aws/region';
import type { Reading } from '../../findings/finding';
import { reportedAs } from '../../findings/reported';
import { quote } from '../../untrusted-text';
import { contradiction } from '../contradiction';
import type { Envelope, Scope } from '../envelope';
import { kindOf, refuse } from '../refuse';
import { accountId, check, freeText, record, reference, region, text, time } from '../shape';
import { isDeployment, isServiceLinked } from './managed-rule';

const detailShape = record({
  messageType: text,
  configRuleName: freeText(128),
  configRuleARN: reference.optional(),
  configRuleArn: reference.optional(),
  awsAccountId: accountId,
  awsRegion: region,
  resourceType: reference,
  resourceId: freeText(768),
  newEvaluationResult: record({
    complianceType: text,
    resultRecordedTime: time.optional(),
    evaluationResultIdentifier: record({
      evaluationResultQualifier: record({
        configRuleName: freeText(128).optional(),
        resourceType: text.optional(),
        resourceId: freeText(768).optional(),
      }).optional(),
    }).optional(),
  }),
  notificationCreationTime: time.optional(),
});

type Detail = z.infer<typeof detailShape>;

/** The finding of `Config Rules Compliance Change`. */
export function readConfig(rule: Pick<Rule, 'detectedBy' | 'resource'>, envelope: Envelope, scope: Scope): Reading {
  const parsed = check(detailShape, envelope.detail, 'detail');
  if ('problem' in parsed) return refuse('ignored', 'malformed-event', parsed.problem);
  const detail = parsed.value;
  const { configRuleName, resourceType, resourceId, newEvaluationResult } = detail;
  const ruleArn = detail.configRuleARN ?? detail.configRuleArn;
  const id = `${ruleArn ?? configRuleName}/${resourceType}/${resourceId}`;
  const partition = scope.partition ?? partitionIn(ruleArn) ?? partitionIn(resourceId) ?? 'aws';
  const place: Place = { partition, account: envelope.account, region: envelope.region };

  const contradicts = contradiction(claims(detail, place));
  if (contradicts) return refuse('invalid', 'contradictory-event', contradicts, id);

  if (detail.messageType !== 'ComplianceChangeNotification')
    return refuse(
      'ignored',
      'other-message-type',
      `The message type is ${quote(detail.messageType)}, not ComplianceChangeNotification.`,
      id,
    );
  const detectedBy = rule.detectedBy.config.find((name) => isDeployment(name, configRuleName));
  if (detectedBy === undefined)
    return refuse(
      'ignored',
      'other-config-rule',
      `The AWS Config rule is ${quote(configRuleName)}. This rule remediates ${rule.detectedBy.config.join(', ') || 'no AWS Config rule'}.`,
      id,
    );
  if (newEvaluationResult.complianceType !== 'NON_COMPLIANT')
    return refuse(
      'ignored',
      'not-failed',
      `The compliance of the resource is ${quote(newEvaluationResult.complianceType)}, not NON_COMPLIANT.`,
      id,
    );
  const kinds = toArray(rule.resource);
  const kind = kinds.find(({ type }) => type === resourceType);
  if (!kind) {
    const supported = kinds.map(({ type }) => type).join(' or ');
    return refuse('ignored', 'other-resource-type', `The resource type is ${quote(resourceType)}, not ${supported}.`, id);
  }

  const reported = reportedAs(kind, place, resourceId, 'detail.resourceId');
  if ('problem' in reported) return refuse(kindOf(reported.code), reported.code, reported.problem, id);
  return {
    findings: [
      {
        ...place,
        id,
        source: 'config',
        detectedBy,
        resource: { kind, reported },
        detectedAt: newEvaluationResult.resultRecordedTime ?? detail.notificationCreationTime ?? envelope.time,
        sentAt: envelope.time,
        ...(isServiceLinked(configRuleName) ? {} : { configRule: configRuleName }),
      },
    ],
    refusals: [],
  };
}

function claims(detail: Detail, place: Place) {
  const qualifier = detail.newEvaluationResult.evaluationResultIdentifier?.evaluationResultQualifier;
  const arns = (['configRuleARN', 'configRuleArn'] as const).flatMap((field) => {
    const said = detail[field];
    if (said === undefined) return [];
    const arn = parseArn(said);
    return [
      [`detail.${field}`, arn?.resource.startsWith('config-rule/') ? undefined : said, 'the ARN of an AWS Config rule'],
      [`The service in detail.${field}`, arn?.service, 'config'],
      [`The partition in detail.${field}`, arn?.partition, place.partition],
      [`The Region in detail.${field}`, arn?.region, place.region],
      [`The account in detail.${field}`, arn?.account, place.account],
    ] as const;
  });
  const of = 'detail.newEvaluationResult.evaluationResultIdentifier.evaluationResultQualifier';
  return [
    ['detail.awsAccountId', detail.awsAccountId, place.account],
    ['detail.awsRegion', detail.awsRegion, place.region],
    ...arns,
    ['detail.configRuleArn', detail.configRuleArn, detail.configRuleARN ?? detail.configRuleArn ?? ''],
    [`${of}.configRuleName`, qualifier?.configRuleName, detail.configRuleName],
    [`${of}.resourceType`, qualifier?.resourceType, detail.resourceType],
    [`${of}.resourceId`, qualifier?.resourceId, detail.resourceId],
  ] as const;
}
