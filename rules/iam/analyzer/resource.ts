import type { ResourceKind } from '../../rule';

/** An analyzer of IAM Access Analyzer. AWS Config reports this type even if no analyzer exists. */
export const analyzer: ResourceKind = {
  type: 'AWS::AccessAnalyzer::Analyzer',
  arn: 'arn:{partition}:access-analyzer:{region}:{account}:{freeId}',
  scope: 'regional',
};
