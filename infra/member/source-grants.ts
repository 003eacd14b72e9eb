import { type Grant, type Rule, toArray } from '../../rules/rule';

/** What people and detectors say about the finding, and the last change of the resource. */
export const readSource = ({ resource }: Pick<Rule, 'resource'>): readonly Grant[] => [
  ...toArray(resource).flatMap(({ reportedIn }) => reportedIn?.permissions ?? []),
  // These can't be restricted to a resource.
  {
    actions: [
      'cloudtrail:LookupEvents',
      'config:DescribeRemediationExceptions',
      'config:GetComplianceDetailsByResource',
      'config:DescribeConfigRules',
    ],
    on: '*',
  },
  { actions: ['securityhub:GetFindings'], on: 'arn:{partition}:securityhub:{region}:{account}:hub/default' },
];

/** To tell the source of a finding what became of it. */
export const notifySource: readonly Grant[] = [
  { actions: ['securityhub:BatchUpdateFindings'], on: 'arn:{partition}:securityhub:{region}:{account}:hub/default' },
  { actions: ['config:StartConfigRulesEvaluation'], on: 'arn:{partition}:config:{region}:{account}:config-rule/*' },
];
