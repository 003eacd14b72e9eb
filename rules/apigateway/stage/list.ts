import { GetRestApisCommand, GetStagesCommand } from '@aws-sdk/client-api-gateway';
import { GetApisCommand, GetStagesCommand as GetWebSocketStagesCommand } from '@aws-sdk/client-apigatewayv2';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Grant, Place } from '../../rule';
import { unknown } from './resource';

/** The permissions that `listRestStages` needs. */
export const restListing: Grant = {
  actions: ['apigateway:GET'],
  on: ['arn:{partition}:apigateway:{region}::/restapis', 'arn:{partition}:apigateway:{region}::/restapis/*/stages'],
};

/** The permissions that `listSocketStages` needs. */
export const socketListing: Grant = {
  actions: ['apigateway:GET'],
  on: ['arn:{partition}:apigateway:{region}::/apis', 'arn:{partition}:apigateway:{region}::/apis/*/stages'],
};

/** The ARNs of the stages of all REST APIs. */
export async function listRestStages({ partition, region }: Place, aws: Aws): Promise<readonly string[]> {
  const apis = await collect(
    (position) => aws.send(new GetRestApisCommand({ limit: 500, position })),
    ({ items }) => items,
    ({ position }) => position,
  );
  const arns: string[] = [];
  for (const { id: restApiId } of apis) {
    const stages = await undefinedOn(unknown, aws.send(new GetStagesCommand({ restApiId })));
    for (const { stageName } of stages?.item ?? [])
      arns.push(`arn:${partition}:apigateway:${region}::/restapis/${restApiId}/stages/${stageName}`);
  }
  return arns;
}

/** The ARNs of the stages of all WebSocket APIs. */
export async function listSocketStages({ partition, region }: Place, aws: Aws): Promise<readonly string[]> {
  const apis = await collect(
    (NextToken) => aws.send(new GetApisCommand({ MaxResults: '500', NextToken })),
    ({ Items = [] }) => Items.filter(({ ProtocolType }) => ProtocolType === 'WEBSOCKET'),
    ({ NextToken }) => NextToken,
  );
  const arns: string[] = [];
  for (const { ApiId } of apis) {
    const stages = await undefinedOn(unknown, stagesOf(ApiId, aws));
    for (const { StageName } of stages ?? []) arns.push(`arn:${partition}:apigateway:${region}::/apis/${ApiId}/stages/${StageName}`);
  }
  return arns;
}

const stagesOf = (ApiId: string | undefined, aws: Aws) =>
  collect(
    (NextToken) => aws.send(new GetWebSocketStagesCommand({ ApiId, MaxResults: '500', NextToken })),
    ({ Items }) => Items,
    ({ NextToken }) => NextToken,
  );
