import type { AddLayerVersionPermissionCommandInput } from '@aws-sdk/client-lambda';
import { isObject, type JsonObject, sameJson } from '../../json';

const organizationKey = 'aws:PrincipalOrgID';

/** The input with which AddLayerVersionPermission recreates exactly this statement for everyone, if there is one. */
export function permissionFor(
  version: Pick<AddLayerVersionPermissionCommandInput, 'LayerName' | 'VersionNumber'>,
  arn: string,
  statement: JsonObject,
): AddLayerVersionPermissionCommandInput | undefined {
  const { Sid, Principal, Condition } = statement;
  const tested = isObject(Condition) ? Condition['StringEquals'] : undefined;
  const OrganizationId = isObject(tested) ? tested[organizationKey] : undefined;
  const StatementId = String(Sid);
  if (Principal !== '*' || !/^[\w-]{1,100}$/.test(StatementId)) return undefined;
  const written: JsonObject = {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: '*',
    Action: 'lambda:GetLayerVersion',
    Resource: arn,
    ...(OrganizationId !== undefined && { Condition: { StringEquals: { [organizationKey]: OrganizationId } } }),
  };
  if (!sameJson(written, statement)) return undefined;
  return {
    ...version,
    StatementId,
    Action: 'lambda:GetLayerVersion',
    Principal: '*',
    ...(typeof OrganizationId === 'string' && { OrganizationId }),
  };
}
