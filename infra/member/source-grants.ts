import { type Grant, type Rule, toArray } from '../../rules/rule';

/** What people said about the finding, and the last change of the resource. */
export const readSource = ({ resource }: Pick<Rule, 'resource'>): readonly Grant[] => [
  // CloudTrail events, remediation exceptions and the list of Regions can't be restricted to a resource.
  {
    actions: [
      'cloudtrail:LookupEvents',
      'config:DescribeRemediationExceptions',
      ...(toArray(resource).some(({ scope }) => scope === 'global') ? ['ec2:DescribeRegions'] : []),
    ],
    on: '*',
  },
  { actions: ['securityhub:GetFindings'], on: 'arn:{partition}:securityhub:{region}:{account}:hub/default' },
];

/** To tell the source of a finding that it is fixed. */
export const notifySource: readonly Grant[] = [
  { actions: ['securityhub:BatchUpdateFindings'], on: 'arn:{partition}:securityhub:{region}:{account}:hub/default' },
  { actions: ['config:StartConfigRulesEvaluation'], on: 'arn:{partition}:config:{region}:{account}:config-rule/*' },
];
