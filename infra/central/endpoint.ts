import { Aws, CfnCondition, CfnOutput, CfnParameter, Fn, NestedStack, Stack, Validations } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnPermission, CfnUrl, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ownNames } from '../names';

/**
 * The endpoint for signed orders: a function URL, or where Lambda has none (China, GovCloud, some younger regions) an HTTP API, which tells the
 * function the same of a request. Who may call it says IAM: nobody is given the right here.
 */
export function endpoint(lambda: LambdaFunction): void {
  const stack = Stack.of(lambda);
  const given = new CfnParameter(stack, 'Endpoint', {
    default: 'function-url',
    allowedValues: ['function-url', 'http-api', 'none'],
    description: 'By what signed orders come. In China and GovCloud, where Lambda has no function URLs, by an HTTP API in any case.',
  });
  const is = (value: string) => Fn.conditionEquals(given.valueAsString, value);
  const byUrl = new CfnCondition(stack, 'HasFunctionUrl', {
    expression: Fn.conditionAnd(Fn.conditionEquals(Aws.PARTITION, 'aws'), is('function-url')),
  });
  const byApi = new CfnCondition(stack, 'HasHttpApi', {
    expression: Fn.conditionAnd(Fn.conditionNot(byUrl), Fn.conditionNot(is('none'))),
  });
  new CfnOutput(stack, 'ControlUrl', { condition: byUrl, value: functionUrl(part(stack, 'functionurl', byUrl), lambda) });
  new CfnOutput(stack, 'ControlApi', { condition: byApi, value: httpApi(part(stack, 'httpapi', byApi), lambda) });
}

/** A stack of its own: for a type that a region lacks, CloudFormation may refuse a template whatever the condition of the resource. */
function part(stack: Stack, id: string, condition: CfnCondition): NestedStack {
  const nested = new NestedStack(stack, id, { description: 'Posture remediator: the endpoint for orders.' });
  if (nested.nestedStackResource) nested.nestedStackResource.cfnOptions.condition = condition;
  return nested;
}

const functionUrl = (scope: NestedStack, lambda: LambdaFunction): string =>
  new CfnUrl(scope, 'Url', { authType: 'AWS_IAM', targetFunctionArn: lambda.functionArn }).attrFunctionUrl;

function httpApi(scope: NestedStack, lambda: LambdaFunction): string {
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
  new CfnRoute(scope, 'Route', {
    apiId: api.ref,
    routeKey: 'POST /',
    authorizationType: 'AWS_IAM',
    target: `integrations/${integration.ref}`,
  });
  const stage = new CfnStage(scope, 'Stage', { apiId: api.ref, stageName: '$default', autoDeploy: true });
  Validations.of(stage).acknowledge({ id: 'AwsSolutions-APIG1', reason: 'Each order, and who gave it, is in the logs of the function.' });
  new CfnPermission(scope, 'Invokes', {
    action: 'lambda:InvokeFunction',
    functionName: lambda.functionName,
    principal: 'apigateway.amazonaws.com',
    sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${api.ref}/*/POST/`,
  });
  return api.attrApiEndpoint;
}
