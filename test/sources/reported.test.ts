import { loadRules } from '../../functions/catalogue/catalogue';
import { type Identified, identify } from '../../functions/findings/identify';
import { targetAt } from '../../functions/forecast/target';
import { readEvent } from '../../functions/sources/read-event';
import { eventPatterns } from '../../infra/route/event-pattern';
import { type Aws, notFound, type Rule } from '../../rules/rule';
import { matches } from '../emulator/event-pattern';
import { configComplianceChange } from '../events/config';
import { home } from '../events/resources';
import { securityHubImported } from '../events/security-hub';

const catalogue = loadRules().map(({ rule }) => rule);
const at = 'eu-west-1:111122223333';
const uuid = '930d940e-be42-4537-9b25-1d7a2e4f5c61';

const silent: Aws = { send: () => Promise.reject(new Error('What AWS reports tells the resource.')) };

function ruleOf(name: string): Rule {
  const rule = catalogue.find(({ detectedBy }) => [...detectedBy.securityHub, ...detectedBy.config].includes(name));
  if (!rule) throw new Error(`No rule is detected by ${name}.`);
  return rule;
}

function nameOf(resource: Identified): string {
  if (resource === notFound) return 'not found';
  return 'unfixable' in resource ? resource.code : resource.id;
}

async function idOf(name: string, event: object): Promise<string> {
  const rule = ruleOf(name);
  expect(eventPatterns(rule).some((pattern) => matches(pattern, event))).toBe(true);
  const { findings, refusals } = readEvent(rule, event, {});
  expect(refusals).toEqual([]);
  const resources = await Promise.all(findings.map((finding) => identify(finding, silent)));
  return resources.map(nameOf).join();
}

// As findings of AWS itself, samples of its documentation, and its own remediation read; names as the service's API takes them.
test.each([
  ['APIGateway.1', 'AwsApiGatewayStage', 'arn:aws:apigateway:eu-west-1::/restapis/a1b2c3d4e5/stages/prod', 'prod'],
  ['AppSync.5', 'AwsAppSyncGraphQlApi', `arn:aws:appsync:${at}:apis/abcdefghijklmnopqrstuvwxyz`, 'abcdefghijklmnopqrstuvwxyz'],
  ['Athena.4', 'AwsAthenaWorkGroup', `arn:aws:athena:${at}:workgroup/primary`, 'primary'],
  ['AutoScaling.1', 'AwsAutoScalingAutoScalingGroup', `arn:aws:autoscaling:${at}:autoScalingGroup:${uuid}:autoScalingGroupName/web`, 'web'],
  [
    'AutoScaling.1',
    'AwsAutoScalingAutoScalingGroup',
    `arn:aws:autoscaling:${at}:autoScalingGroup:${uuid}:autoScalingGroupName/Web shop (blue) & more`,
    'Web shop (blue) & more',
  ],
  [
    'Autoscaling.5',
    'AwsAutoScalingLaunchConfiguration',
    `arn:aws:autoscaling:${at}:launchConfiguration:${uuid}:launchConfigurationName/Web shop 2`,
    'Web shop 2',
  ],
  ['CloudFront.1', 'AwsCloudFrontDistribution', 'arn:aws:cloudfront::111122223333:distribution/E1OH9JMPDVD94Y', 'E1OH9JMPDVD94Y'],
  ['CloudTrail.2', 'AwsCloudTrailTrail', `arn:aws:cloudtrail:${at}:trail/AWSMacieTrail-DO-NOT-EDIT`, 'AWSMacieTrail-DO-NOT-EDIT'],
  ['CloudTrail.6', 'AwsS3Bucket', 'arn:aws:s3:::trail-logs', 'trail-logs'],
  ['CloudTrail.7', 'AwsS3Bucket', 'arn:aws:s3:::trail-logs', 'trail-logs'],
  ['CloudWatch.1', 'AwsAccount', 'AWS::::Account:111122223333', '111122223333'],
  ['CloudWatch.15', 'AwsCloudWatchAlarm', `arn:aws:cloudwatch:${at}:alarm:CPU > 90 %: shop`, 'CPU > 90 %: shop'],
  ['CloudWatch.16', 'AwsLogsLogGroup', `arn:aws:logs:${at}:log-group:/aws/lambda/shop:*`, '/aws/lambda/shop'],
  ['Config.1', 'AwsAccount', 'AWS::::Account:111122223333', '111122223333'],
  ['DynamoDB.6', 'AwsDynamoDbTable', `arn:aws:dynamodb:${at}:table/test_delete_me`, 'test_delete_me'],
  ['EC2.1', 'AwsAccount', 'AWS::::Account:111122223333', '111122223333'],
  ['EC2.2', 'AwsEc2SecurityGroup', `arn:aws:ec2:${at}:security-group/sg-02cfbecbc814a3c24`, 'sg-02cfbecbc814a3c24'],
  ['EC2.8', 'AwsEc2Instance', `arn:aws:ec2:${at}:instance/i-0bf2bf6b175654c6e`, 'i-0bf2bf6b175654c6e'],
  ['ECS.4', 'AwsEcsTaskDefinition', `arn:aws:ecs:${at}:task-definition/shop-api:7`, '7'],
  ['EKS.1', 'AwsEksCluster', `arn:aws:eks:${at}:cluster/shop`, 'shop'],
  [
    'ELB.1',
    'AwsElbv2LoadBalancer',
    `arn:aws:elasticloadbalancing:${at}:loadbalancer/app/shop/50dc6c495c0c9188`,
    'app/shop/50dc6c495c0c9188',
  ],
  ['ElastiCache.2', 'AwsElastiCacheCacheCluster', `arn:aws:elasticache:${at}:cluster:shop-001`, 'shop-001'],
  ['ElasticBeanstalk.2', 'AwsElasticBeanstalkEnvironment', `arn:aws:elasticbeanstalk:${at}:environment/shop/shop-prod`, 'shop-prod'],
  [
    'ElasticBeanstalk.2',
    'AwsElasticBeanstalkEnvironment',
    `arn:aws:elasticbeanstalk:${at}:environment/My App/MyEnvironment`,
    'MyEnvironment',
  ],
  ['IAM.1', 'AwsIamPolicy', 'arn:aws:iam::111122223333:policy/service-role/everything', 'everything'],
  ['IAM.3', 'AwsIamUser', 'arn:aws:iam::111122223333:user/path/build/internal-plugin-user', 'internal-plugin-user'],
  ['IAM.8', 'AwsIamUser', 'arn:aws:iam::111122223333:user/jane@example.com', 'jane@example.com'],
  ['KMS.4', 'AwsKmsKey', `arn:aws:kms:${at}:key/${uuid}`, uuid],
  ['Lambda.1', 'AwsLambdaFunction', `arn:aws:lambda:${at}:function:TAEBSVolumeSnapDelete`, 'TAEBSVolumeSnapDelete'],
  ['Opensearch.8', 'AwsOpenSearchServiceDomain', `arn:aws:es:${at}:domain/shop`, 'shop'],
  ['ES.8', 'AwsElasticsearchDomain', `arn:aws:es:${at}:domain/shop`, 'shop'],
  ['RDS.1', 'AwsRdsDbClusterSnapshot', `arn:aws:rds:${at}:cluster-snapshot:ledger`, 'ledger'],
  ['RDS.6', 'AwsRdsDbInstance', `arn:aws:rds:${at}:db:orders`, 'orders'],
  ['RDS.16', 'AwsRdsDbCluster', `arn:aws:rds:${at}:cluster:orders`, 'orders'],
  ['Redshift.1', 'AwsRedshiftCluster', `arn:aws:redshift:${at}:cluster:redshift-cluster-1`, 'redshift-cluster-1'],
  ['S3.1', 'AwsAccount', 'AWS::::Account:111122223333', '111122223333'],
  ['S3.5', 'AwsS3Bucket', 'arn:aws:s3:::s3-finding-test', 's3-finding-test'],
  ['SNS.1', 'AwsSnsTopic', `arn:aws:sns:${at}:orders.fifo`, 'orders.fifo'],
  ['SQS.1', 'AwsSqsQueue', `arn:aws:sqs:${at}:test_queue_3`, 'test_queue_3'],
  ['SecretsManager.1', 'AwsSecretsManagerSecret', `arn:aws:secretsmanager:${at}:secret:shop/password-AbCdEf`, 'password-AbCdEf'],
  ['SecretsManager.1', 'AwsSecretsManagerSecret', `arn:aws:secretsmanager:${at}:secret:/shop/password-AbCdEf`, 'password-AbCdEf'],
  ['SecretsManager.3', 'AwsSecretsManagerSecret', `arn:aws:secretsmanager:${at}:secret:rds!db-${uuid}-AbCdEf`, `rds!db-${uuid}-AbCdEf`],
])('a finding of %s about a resource %s %s is read as one about %s', async (control, securityHubType, arn, id) => {
  const resource = { type: '', securityHubType, arn };
  for (const consolidated of [true, false]) {
    expect(await idOf(control, securityHubImported({ control, resource, consolidated }))).toBe(id);
  }
});

test.each([
  ['access-keys-rotated', 'AWS::IAM::User', 'arn:aws:iam::111122223333:user/finance/jane', 'jane'],
  [
    'alb-http-to-https-redirection-check',
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    `arn:aws:elasticloadbalancing:${at}:loadbalancer/app/shop/50dc6c495c0c9188`,
    'app/shop/50dc6c495c0c9188',
  ],
  ['api-gw-cache-encrypted', 'AWS::ApiGateway::Stage', 'arn:aws:apigateway:eu-west-1::/restapis/a1b2c3d4e5/stages/prod', 'prod'],
  [
    'autoscaling-group-elb-healthcheck-required',
    'AWS::AutoScaling::AutoScalingGroup',
    `arn:aws:autoscaling:${at}:autoScalingGroup:${uuid}:autoScalingGroupName/Web shop`,
    'Web shop',
  ],
  ['cloudtrail-enabled', 'AWS::::Account', '111122223333', '111122223333'],
  ['cw-loggroup-retention-period-check', 'AWS::Logs::LogGroup', '/aws/lambda/shop', '/aws/lambda/shop'],
  [
    'elastic-beanstalk-managed-updates-enabled',
    'AWS::ElasticBeanstalk::Environment',
    `arn:aws:elasticbeanstalk:${at}:environment/My App/MyEnvironment`,
    'MyEnvironment',
  ],
  ['restricted-ssh', 'AWS::EC2::SecurityGroup', 'sg-0a1b2c3d4e5f60718', 'sg-0a1b2c3d4e5f60718'],
  ['s3-bucket-ssl-requests-only', 'AWS::S3::Bucket', 's3-finding-test', 's3-finding-test'],
  [
    'secretsmanager-secret-unused',
    'AWS::SecretsManager::Secret',
    `arn:aws:secretsmanager:${at}:secret:/shop/password-AbCdEf`,
    'password-AbCdEf',
  ],
  ['sns-encrypted-kms', 'AWS::SNS::Topic', `arn:aws:sns:${at}:orders`, 'orders'],
  ['sqs-queue-encrypted', 'AWS::SQS::Queue', 'https://sqs.eu-west-1.amazonaws.com/111122223333/orders.fifo', 'orders.fifo'],
])('what the Config rule %s says of a resource %s %s is read as said of %s', async (rule, resourceType, resourceId, id) => {
  expect(await idOf(rule, configComplianceChange({ rule, resourceType, resourceId }))).toBe(id);
});

test.each([
  ['ElasticBeanstalk.2', 'AwsElasticBeanstalkEnvironment', `arn:aws:elasticbeanstalk:${at}:environment/My App/other/MyEnvironment`],
  ['ElasticBeanstalk.2', 'AwsElasticBeanstalkEnvironment', `arn:aws:elasticbeanstalk:${at}:environment/My\nApp/MyEnvironment`],
  ['ElasticBeanstalk.2', 'AwsElasticBeanstalkEnvironment', `arn:aws:elasticbeanstalk:${at}:environment/My App/My Environment`],
  ['AutoScaling.1', 'AwsAutoScalingAutoScalingGroup', `arn:aws:autoscaling:${at}:autoScalingGroup:${uuid}:autoScalingGroupName/`],
  ['SecretsManager.1', 'AwsSecretsManagerSecret', `arn:aws:secretsmanager:${at}:secret:*`],
  ['SecretsManager.1', 'AwsSecretsManagerSecret', `arn:aws:secretsmanager:${at}:secret:password-AbCdEf:other`],
])('a finding of %s about a resource %s %j is unfixable', async (control, securityHubType, arn) => {
  expect(await idOf(control, securityHubImported({ control, resource: { type: '', securityHubType, arn } }))).toBe(
    'unreadable-resource-id',
  );
});

test.each([
  ['CloudTrail.2', 'AwsCloudTrailTrail', 'arn:aws:cloudtrail:us-east-1:111122223333:trail/all-regions'],
  ['CloudTrail.2', 'AwsCloudTrailTrail', 'arn:aws:cloudtrail:eu-west-1:999999999999:trail/organization'],
])('a finding of %s about a resource %s %j of another account or Region is unfixable here', async (control, securityHubType, arn) => {
  expect(await idOf(control, securityHubImported({ control, resource: { type: '', securityHubType, arn } }))).toBe('belongs-elsewhere');
});

test('a log group is one and the same, whether AWS writes its ARN with a wildcard or not, or its name', async () => {
  const [control, rule, arn] = ['CloudWatch.16', 'cw-loggroup-retention-period-check', `arn:aws:logs:${at}:log-group:/shop`];
  const found = (id: string) => securityHubImported({ control, resource: { type: 'AWS::Logs::LogGroup', arn: id } });
  const changed = (resourceId: string) => configComplianceChange({ rule, resourceType: 'AWS::Logs::LogGroup', resourceId });
  for (const event of [found(arn), found(`${arn}:*`), changed(arn), changed(`${arn}:*`), changed('/shop')]) {
    const [finding] = readEvent(ruleOf(control), event, {}).findings;
    expect(finding && (await identify(finding, silent))).toMatchObject({ id: '/shop', arn });
  }
  for (const name of [arn, `${arn}:*`, '/shop'])
    expect(targetAt(ruleOf(control), home, name)?.resource).toMatchObject({ id: '/shop', arn });
});

describe('a type that the format of Security Hub has no name for', () => {
  const types: readonly (readonly [string, string, string, string])[] = [
    ['BedrockAgentCore.1', 'AWS::BedrockAgentCore::Runtime', `arn:aws:bedrock-agentcore:${at}:runtime/shop-AbCdEf1234`, 'shop-AbCdEf1234'],
    ['BedrockAgentCore.2', 'AWS::BedrockAgentCore::Gateway', `arn:aws:bedrock-agentcore:${at}:gateway/shop-abcdef1234`, 'shop-abcdef1234'],
    ['CloudWatch.16', 'AWS::Logs::LogGroup', `arn:aws:logs:${at}:log-group:/shop`, '/shop'],
    ['EKS.9', 'AWS::EKS::Nodegroup', `arn:aws:eks:${at}:nodegroup/shop/workers/${uuid}`, `shop/workers/${uuid}`],
    ['ElastiCache.2', 'AWS::ElastiCache::CacheCluster', `arn:aws:elasticache:${at}:cluster:shop-001`, 'shop-001'],
    ['ElastiCache.3', 'AWS::ElastiCache::ReplicationGroup', `arn:aws:elasticache:${at}:replicationgroup:shop`, 'shop'],
    ['RDS.51', 'AWS::RDS::GlobalCluster', 'arn:aws:rds::111122223333:global-cluster:shop', 'shop'],
    ['RedshiftServerless.3', 'AWS::RedshiftServerless::Workgroup', `arn:aws:redshift-serverless:${at}:workgroup/${uuid}`, uuid],
    ['RedshiftServerless.6', 'AWS::RedshiftServerless::Namespace', `arn:aws:redshift-serverless:${at}:namespace/${uuid}`, uuid],
    ['SSM.4', 'AWS::SSM::Document', `arn:aws:ssm:${at}:document/shop-restart`, 'shop-restart'],
  ];

  test.each(types)(
    'of %s is read by the ARN, whether it is called as CloudFormation calls %s, or Other',
    async (control, type, arn, id) => {
      for (const securityHubType of [undefined, 'Other']) {
        expect(
          await idOf(control, securityHubImported({ control, resource: { type, arn, ...(securityHubType && { securityHubType }) } })),
        ).toBe(id);
      }
    },
  );

  test.each([
    ['is of no kind of the rule', 'SSM.4', `arn:aws:ssm:${at}:parameter/shop`],
    ['is of another account', 'SSM.4', 'arn:aws:ssm:eu-west-1:999999999999:document/shop-restart'],
    ['is of another region', 'SSM.4', 'arn:aws:ssm:us-east-1:111122223333:document/shop-restart'],
    ['is of two kinds of the rule', 'Opensearch.8', `arn:aws:es:${at}:domain/shop`],
    ['is none', 'SSM.4', 'shop-restart'],
  ])('and is called Other is ignored where the ARN %s', (_, control, arn) => {
    const event = securityHubImported({ control, resource: { type: '', securityHubType: 'Other', arn } });
    expect(readEvent(ruleOf(control), event, {})).toEqual({ findings: [], refusals: [expect.objectContaining({ kind: 'ignored' })] });
  });
});
