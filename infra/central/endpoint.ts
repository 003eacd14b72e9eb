import { Aws, CfnCondition, CfnOutput, CfnParameter, type CfnResource, Fn, NestedStack, Stack, Validations } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnPermission, CfnUrl, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { channels } from '../../functions/control/channel';
import { ownNames } from '../names';

/**
 * The endpoint for signed requests: a function URL, or an HTTP API where Lambda has no function URLs (China, GovCloud, some newer regions).
 * Both pass the same event to the function. IAM controls access; no permission is granted here. Returns its parts, which need the alias.
 */
export function endpoint(lambda: LambdaFunction): readonly CfnResource[] {
  const stack = Stack.of(lambda);
  const given = new CfnParameter(stack, 'Endpoint', {
    default: 'function-url',
    allowedValues: ['function-url', 'http-api', 'none'],
    description:
      'The type of the endpoint for signed requests. In China and GovCloud, which have no function URLs, it is always an HTTP API.',
  });
  const is = (value: string) => Fn.conditionEquals(given.valueAsString, value);
  const byUrl = new CfnCondition(stack, 'HasFunctionUrl', {
    expression: Fn.conditionAnd(Fn.conditionEquals(Aws.PARTITION, 'aws'), is('function-url')),
  });
  const byApi = new CfnCondition(stack, 'HasHttpApi', {
    expression: Fn.conditionAnd(Fn.conditionNot(byUrl), Fn.conditionNot(is('none'))),
  });
  const parts = { url: part(stack, 'functionurl', byUrl), api: part(stack, 'httpapi', byApi) };
  new CfnOutput(stack, 'ControlUrl', { condition: byUrl, value: functionUrl(parts.url, lambda) });
  new CfnOutput(stack, 'ControlApi', { condition: byApi, value: httpApi(parts.api, lambda) });
  return Object.values(parts).flatMap(({ nestedStackResource }) => nestedStackResource ?? []);
}

/** A nested stack: CloudFormation may reject a template with a resource type that the region lacks, regardless of conditions. */
function part(stack: Stack, id: string, condition: CfnCondition): NestedStack {
  const nested = new NestedStack(stack, id, { description: 'Posture remediator: the control endpoint.' });
  if (nested.nestedStackResource) nested.nestedStackResource.cfnOptions.condition = condition;
  return nested;
}

const functionUrl = (scope: NestedStack, lambda: LambdaFunction): string =>
  new CfnUrl(scope, 'Url', { authType: 'AWS_IAM', targetFunctionArn: lambda.functionArn, qualifier: channels.url }).attrFunctionUrl;

function httpApi(scope: NestedStack, lambda: LambdaFunction): string {
  const api = new CfnApi(scope, 'Api', {
    name: ownNames('control').function,
    protocolType: 'HTTP',
    description: 'Posture remediator: requests of operators.',
  });
  const integration = new CfnIntegration(scope, 'Integration', {
    apiId: api.ref,
    integrationType: 'AWS_PROXY',
    integrationUri: `${lambda.functionArn}:${channels.url}`,
    payloadFormatVersion: '2.0',
  });
  new CfnRoute(scope, 'Route', {
    apiId: api.ref,
    routeKey: 'POST /',
    authorizationType: 'AWS_IAM',
    target: `integrations/${integration.ref}`,
  });
  const stage = new CfnStage(scope, 'Stage', { apiId: api.ref, stageName: '$default', autoDeploy: true });
  Validations.of(stage).acknowledge({ id: 'AwsSolutions-APIG1', reason: 'The logs of the function contain each request and its caller.' });
  new CfnPermission(scope, 'Invokes', {
    action: 'lambda:InvokeFunction',
    functionName: `${lambda.functionArn}:${channels.url}`,
    principal: 'apigateway.amazonaws.com',
    sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${api.ref}/*/POST/`,
  });
  return api.attrApiEndpoint;
}
