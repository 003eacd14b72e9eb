import { Aws, CfnCondition, CfnParameter, Fn, NestedStack, Stack, Validations } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnPermission, CfnUrl, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ownNames } from '../names';

/**
 * The endpoint for signed orders, by its URL: a function URL, or where Lambda has none (China, GovCloud, some younger regions) an HTTP API, which
 * tells the function the same of a request. Who may call it says IAM: nobody is given the right here.
 */
export function endpoint(lambda: LambdaFunction): string {
  const stack = Stack.of(lambda);
  const given = new CfnParameter(stack, 'FunctionUrls', {
    default: 'yes',
    allowedValues: ['yes', 'no'],
    description: 'Whether Lambda has function URLs in this region. Where it has not, orders come by an HTTP API.',
  });
  const has = new CfnCondition(stack, 'HasFunctionUrls', {
    expression: Fn.conditionAnd(Fn.conditionEquals(Aws.PARTITION, 'aws'), Fn.conditionEquals(given.valueAsString, 'yes')),
  });
  const lacks = new CfnCondition(stack, 'HasNoFunctionUrls', { expression: Fn.conditionNot(has) });
  return Fn.conditionIf(has.logicalId, functionUrl(stack, lambda, has), httpApi(stack, lambda, lacks)).toString();
}

/** In a stack of its own: CloudFormation may refuse a template for a type that a region lacks, whatever its condition. */
function functionUrl(stack: Stack, lambda: LambdaFunction, condition: CfnCondition): string {
  const nested = new NestedStack(stack, 'endpoint', { description: 'Posture remediator: the function URL for orders.' });
  if (nested.nestedStackResource) nested.nestedStackResource.cfnOptions.condition = condition;
  return new CfnUrl(nested, 'Url', { authType: 'AWS_IAM', targetFunctionArn: lambda.functionArn }).attrFunctionUrl;
}

function httpApi(stack: Stack, lambda: LambdaFunction, condition: CfnCondition): string {
  const scope = new Construct(stack, 'HttpApi');
  const api = new CfnApi(scope, 'Api', {
    name: ownNames('control').function,
    protocolType: 'HTTP',
    description: 'Posture remediator: the orders of people.',
  });
  const integration = new CfnIntegration(scope, 'Integration', {
    apiId: api.ref,
    integrationType: 'AWS_PROXY',
    integrationUri: lambda.functionArn,
    payloadFormatVersion: '2.0',
  });
  const route = new CfnRoute(scope, 'Route', {
    apiId: api.ref,
    routeKey: 'POST /',
    authorizationType: 'AWS_IAM',
    target: `integrations/${integration.ref}`,
  });
  const stage = new CfnStage(scope, 'Stage', { apiId: api.ref, stageName: '$default', autoDeploy: true });
  const permission = new CfnPermission(scope, 'Invokes', {
    action: 'lambda:InvokeFunction',
    functionName: lambda.functionName,
    principal: 'apigateway.amazonaws.com',
    sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${api.ref}/*/POST/`,
  });
  for (const one of [api, integration, route, stage, permission]) one.cfnOptions.condition = condition;
  Validations.of(stage).acknowledge({ id: 'AwsSolutions-APIG1', reason: 'Each order, and who gave it, is in the logs of the function.' });
  return api.attrApiEndpoint;
}
