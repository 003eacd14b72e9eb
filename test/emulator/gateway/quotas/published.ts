/** The rate at which AWS answers an account in a Region. */
export interface Quota {
  readonly service: string;
  /** Those that share the quota, by their names. */
  readonly operations: RegExp;
  readonly perSecond: number;
  /** Requests at once after a pause; as many as in a second where AWS doesn't publish it. */
  readonly burst?: number;
  /** Each of the operations has the quota for itself. */
  readonly each?: true;
  /** How the service refuses a request; left out, as its protocol has it. */
  readonly refusal?: { readonly status: number; readonly code: string };
  /** The page of AWS with the number. */
  readonly source: string;
}

const cloudTrail = 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html';
const securityHub = 'https://docs.aws.amazon.com/securityhub/1.0/APIReference/Welcome.html';
const lambda = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const scheduler = 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html';
const sts = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';

/**
 * The quotas of the calls that every fix makes, whatever its rule; the first that matches applies. Not in the table: StartConfigRulesEvaluation,
 * once a minute for each Config rule, which `config.ts` always enforces; calls without a published rate (other calls of AWS Config, S3, IAM);
 * and those that the emulator is too slow to exceed (DynamoDB, PutEvents, Invoke, AppConfig).
 */
export const publishedQuotas: readonly Quota[] = [
  { service: 'cloudtrail', operations: /^LookupEvents$/, perSecond: 2, source: cloudTrail },
  { service: 'cloudtrail', operations: /^(Get|Describe|List)/, perSecond: 10, source: cloudTrail },
  { service: 'cloudtrail', operations: /./, perSecond: 1, source: cloudTrail },
  { service: 'securityhub', operations: /^GetFindings$/, perSecond: 3, burst: 6, source: securityHub },
  { service: 'securityhub', operations: /^BatchUpdateFindings$/, perSecond: 10, burst: 30, source: securityHub },
  { service: 'securityhub', operations: /./, perSecond: 10, burst: 30, each: true, source: securityHub },
  { service: 'sts', operations: /^(AssumeRole|GetCallerIdentity|GetSessionToken|GetFederationToken)$/, perSecond: 600, source: sts },
  // The quota of most Regions; in the large ones it is 5,000.
  {
    service: 'scheduler',
    operations: /^(Create|Delete|Get|Update)Schedule$/,
    perSecond: 250,
    each: true,
    refusal: { status: 429, code: 'ThrottlingException' },
    source: scheduler,
  },
  { service: 'lambda', operations: /^GetFunction$/, perSecond: 100, source: lambda },
  { service: 'lambda', operations: /^GetPolicy$/, perSecond: 15, source: lambda },
  { service: 'lambda', operations: /^(?!Invoke)/, perSecond: 15, source: lambda },
];
