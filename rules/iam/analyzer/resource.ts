import type { ResourceKind } from '../../rule';

/** An analyzer of IAM Access Analyzer: AWS Config names one, even where there is none. */
export const analyzer: ResourceKind = {
  type: 'AWS::AccessAnalyzer::Analyzer',
  arn: 'arn:{partition}:access-analyzer:{region}:{account}:{freeId}',
  scope: 'regional',
};
