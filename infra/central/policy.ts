import { Aws, CfnCondition, CfnParameter, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  CfnApplication,
  CfnConfigurationProfile,
  CfnDeployment,
  CfnDeploymentStrategy,
  CfnEnvironment,
  CfnExtensionAssociation,
  CfnHostedConfigurationVersion,
} from 'aws-cdk-lib/aws-appconfig';
import { CfnPermission, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { canonicalJson } from '../../functions/canonical-json';
import type { Policy } from '../../functions/policy/policy';
import { lambdaFunction } from '../function';
import { names } from '../names';

/** The location of the policy for the functions. */
export interface DeployedPolicy {
  /** The ids of the AppConfig application, environment and configuration profile: `abc1234/def5678/ghi9012`. */
  readonly configuration: string;
  readonly configurationArn: string;
  /** The id of the AppConfig application. */
  readonly application: string;
  readonly arns: { readonly application: string; readonly environment: string; readonly profile: string };
  /** The deployment that puts the policy into effect. */
  readonly deployment: CfnDeployment;
}

export interface PolicyProps {
  readonly policy: Policy;
  /** The folder with the validator's code. */
  readonly validator: string;
}

/** The policy in AppConfig: an invalid one is not deployed; a valid one takes effect within a minute, when it is copied for the functions. */
export function deployedPolicy(parent: Construct, { policy, validator }: PolicyProps): DeployedPolicy {
  const scope = new Construct(parent, 'Policy');
  const application = new CfnApplication(scope, 'Application', { name: names.policy, description: 'Posture remediator.' });
  const environment = new CfnEnvironment(scope, 'Environment', {
    applicationId: application.ref,
    name: names.policy,
    description: 'The functions of all rules.',
  });
  const check = validatorFunction(scope, validator);
  const profile = new CfnConfigurationProfile(scope, 'Profile', {
    applicationId: application.ref,
    name: names.policy,
    description: 'Defines which changes the remediator can make.',
    locationUri: 'hosted',
    type: 'AWS.Freeform',
    validators: [{ type: 'LAMBDA', content: check.functionArn }],
  });
  const permission = new CfnPermission(scope, 'AppConfigValidates', {
    action: 'lambda:InvokeFunction',
    functionName: check.functionName,
    principal: 'appconfig.amazonaws.com',
    sourceAccount: validatedFor(Stack.of(scope)),
  });
  const version = new CfnHostedConfigurationVersion(scope, 'Version', {
    applicationId: application.ref,
    configurationProfileId: profile.ref,
    contentType: 'application/json',
    content: canonicalJson(policy),
    description: 'Deployed by the CDK.',
  });
  version.addResourceDependency(permission);
  // The versions are retained, so that they stay readable. AppConfig can't delete a profile with versions, or an application with a profile.
  for (const kept of [application, profile, version]) kept.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  const strategy = new CfnDeploymentStrategy(scope, 'Strategy', {
    name: names.policy,
    description: 'Immediate: a more restrictive policy must not be delayed.',
    deploymentDurationInMinutes: 0,
    growthFactor: 100,
    finalBakeTimeInMinutes: 0,
    replicateTo: 'NONE',
  });
  const arn = `arn:${Aws.PARTITION}:appconfig:${Aws.REGION}:${Aws.ACCOUNT_ID}:application/${application.ref}`;
  const arns = {
    application: arn,
    environment: `${arn}/environment/${environment.ref}`,
    profile: `${arn}/configurationprofile/${profile.ref}`,
  };
  // An extension that AWS provides: AppConfig sends an event to the default bus when a deployment is completed or rolled back.
  const events = new CfnExtensionAssociation(scope, 'Events', {
    extensionIdentifier: 'AWS.AppConfig.DeploymentNotificationsToEventBridge',
    resourceIdentifier: arns.environment,
  });
  const deployment = new CfnDeployment(scope, 'Deployment', {
    applicationId: application.ref,
    environmentId: environment.ref,
    configurationProfileId: profile.ref,
    configurationVersion: version.ref,
    deploymentStrategyId: strategy.ref,
    description: 'Deployed by the CDK.',
  });
  deployment.addResourceDependency(permission);
  deployment.addResourceDependency(events);
  return {
    configuration: `${application.ref}/${environment.ref}/${profile.ref}`,
    configurationArn: `${arns.environment}/configuration/${profile.ref}`,
    application: application.ref,
    arns,
    deployment,
  };
}

/**
 * AWS documents no `aws:SourceAccount` or `aws:SourceArn` for the calls of validators, and with a condition that AppConfig doesn't meet, no
 * policy could ever be deployed. So the condition is an option. Without it, other accounts could at most have their own policies parsed.
 */
function validatedFor(stack: Stack): string {
  const given = new CfnParameter(stack, 'ValidatorSource', {
    default: 'any',
    allowedValues: ['any', 'account'],
    description: 'any: AppConfig may invoke the policy validator. account: only if it states that it acts for this account.',
  });
  const isAccount = new CfnCondition(stack, 'ValidatesForAccount', { expression: Fn.conditionEquals(given.valueAsString, 'account') });
  return Fn.conditionIf(isAccount.logicalId, Aws.ACCOUNT_ID, Aws.NO_VALUE).toString();
}

/** It reads and changes nothing but its logs. */
const validatorFunction = (scope: Construct, code: string): LambdaFunction =>
  lambdaFunction(scope, {
    name: names.policyValidator,
    description: 'Checks a policy before AppConfig deploys it.',
    code,
    // AppConfig waits fifteen seconds, and a large policy is parsed.
    memorySize: 1024,
    timeout: 15,
    role: {
      name: names.policyValidator,
      description: 'Execution role of the function that checks a policy before AppConfig deploys it.',
      statements: [],
    },
    ids: { logs: 'ValidatorLogs', role: 'ValidatorRole', function: 'Validator' },
  }).lambda;
