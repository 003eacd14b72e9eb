import { type Grant, type Rule, toArray } from '../../rules/rule';

type ReadingRule = Pick<Rule, 'resource' | 'detectedBy' | 'detectorParameters'>;

/** What people said about the finding, and the last change of the resource. */
export const readSource = ({ resource, detectedBy, detectorParameters = {} }: ReadingRule): readonly Grant[] => [
  ...toArray(resource).flatMap(({ reportedIn }) => reportedIn?.permissions ?? []),
  // CloudTrail events and remediation exceptions can't be restricted to a resource.
  { actions: ['cloudtrail:LookupEvents', 'config:DescribeRemediationExceptions'], on: '*' },
  // The parameters of Config rules. Rules that AWS services created have no names of their own.
  ...(detectedBy.config.some((name) => Object.keys(detectorParameters[name] ?? {}).length > 0)
    ? [{ actions: ['config:DescribeConfigRules'], on: '*' }]
    : []),
  { actions: ['securityhub:GetFindings'], on: 'arn:{partition}:securityhub:{region}:{account}:hub/default' },
];

/** To tell the source of a finding that it is fixed. */
export const notifySource: readonly Grant[] = [
  { actions: ['securityhub:BatchUpdateFindings'], on: 'arn:{partition}:securityhub:{region}:{account}:hub/default' },
  { actions: ['config:StartConfigRulesEvaluation'], on: 'arn:{partition}:config:{region}:{account}:config-rule/*' },
];
