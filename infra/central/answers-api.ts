import { Aws, CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnPermission, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

interface Props {
  readonly name: string;
  readonly lambda: LambdaFunction;
  readonly paths: readonly string[];
}

/** Requests a second, and at once: people answer, and nobody else has to get through. */
const throttling = { throttlingRateLimit: 10, throttlingBurstLimit: 20 };

/**
 * The public address of the endpoint: an HTTP API, which limits the requests, exists in all partitions, and needs no function that everybody may
 * invoke. No credentials of AWS are asked for, because vendors have none: the function verifies their signatures.
 */
export function answersApi(scope: Construct, { name, lambda, paths }: Props): void {
  const api = new CfnApi(scope, 'Api', { name, protocolType: 'HTTP', description: 'Posture remediator: answers in tickets and in Slack.' });
  const integration = new CfnIntegration(scope, 'Integration', {
    apiId: api.ref,
    integrationType: 'AWS_PROXY',
    integrationUri: lambda.functionArn,
    payloadFormatVersion: '2.0',
    timeoutInMillis: 10_000,
  });
  for (const path of paths) {
    const id = path.slice(1);
    const route = new CfnRoute(scope, `Route-${id}`, {
      apiId: api.ref,
      routeKey: `POST ${path}`,
      authorizationType: 'NONE',
      target: `integrations/${integration.ref}`,
    });
    Validations.of(route).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'Vendors sign the body: the function verifies it before it is parsed.',
    });
    new CfnPermission(scope, `Invokes-${id}`, {
      action: 'lambda:InvokeFunction',
      functionName: lambda.functionName,
      principal: 'apigateway.amazonaws.com',
      sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${api.ref}/*/POST${path}`,
    });
  }
  const stage = new CfnStage(scope, 'Stage', { apiId: api.ref, stageName: '$default', autoDeploy: true, defaultRouteSettings: throttling });
  Validations.of(stage).acknowledge({
    id: 'AwsSolutions-APIG1',
    reason: 'The log of the function contains each request that is not ignored.',
  });
  new CfnOutput(Stack.of(scope), 'AnswersUrl', { value: api.attrApiEndpoint });
}
