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
import type { DeployedRule } from './deployed-rule';
import { isDeployment } from './managed-rule';

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

/** A compliance change whose fields agree. */
export interface ComplianceChange {
  readonly detail: Detail;
  /** The id of its finding. */
  readonly id: string;
  readonly place: Place;
}

/** Reads `Config Rules Compliance Change`, whatever Config rule and resource it is about. */
export function readChange(envelope: Envelope, scope: Scope): ComplianceChange | { readonly refused: Reading } {
  const parsed = check(detailShape, envelope.detail, 'detail');
  if ('problem' in parsed) return { refused: refuse('ignored', 'malformed-event', parsed.problem) };
  const detail = parsed.value;
  const id = `${arnIn(detail) ?? detail.configRuleName}/${detail.resourceType}/${detail.resourceId}`;
  const partition = scope.partition ?? partitionIn(arnIn(detail)) ?? partitionIn(detail.resourceId) ?? 'aws';
  const place: Place = { partition, account: envelope.account, region: envelope.region };

  const contradicts = contradiction(claims(detail, place));
  if (contradicts) return { refused: refuse('invalid', 'contradictory-event', contradicts, id) };
  if (detail.messageType !== 'ComplianceChangeNotification') {
    const reason = `The message type is ${quote(detail.messageType)}, not ComplianceChangeNotification.`;
    return { refused: refuse('ignored', 'other-message-type', reason, id) };
  }
  return { detail, id, place };
}

/** Why a compliance change is not about a noncompliant resource; undefined if it is. */
export function compliantRefusal({ detail, id }: ComplianceChange): Reading | undefined {
  const { complianceType } = detail.newEvaluationResult;
  if (complianceType === 'NON_COMPLIANT') return undefined;
  return refuse('ignored', 'not-failed', `The compliance of the resource is ${quote(complianceType)}, not NON_COMPLIANT.`, id);
}

/** The Config rule that reported the change. */
export function deployedIn({ detail, place }: ComplianceChange): DeployedRule {
  const arn = arnIn(detail);
  return { ...place, name: detail.configRuleName, ...(arn !== undefined && { arn }) };
}

const arnIn = ({ configRuleARN, configRuleArn }: Detail): string | undefined => configRuleARN ?? configRuleArn;

/**
 * The finding of `Config Rules Compliance Change`. Its detector is told by the name of the Config rule alone, which anybody may have chosen: see
 * `anyConfigRule`.
 */
export function readConfig(rule: Pick<Rule, 'detectedBy' | 'resource'>, envelope: Envelope, scope: Scope): Reading {
  const change = readChange(envelope, scope);
  if ('refused' in change) return change.refused;
  const { detail, id, place } = change;
  const { configRuleName, resourceType, resourceId, newEvaluationResult } = detail;
  const { config } = rule.detectedBy;
  const detectedBy = config.find((name) => isDeployment(name, configRuleName)) ?? (scope.anyConfigRule ? config[0] : undefined);
  if (detectedBy === undefined)
    return refuse(
      'ignored',
      'other-config-rule',
      `The AWS Config rule is ${quote(configRuleName)}. This rule remediates ${config.join(', ') || 'no AWS Config rule'}.`,
      id,
    );
  const compliant = compliantRefusal(change);
  if (compliant) return compliant;
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
        configRule: configRuleName,
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
