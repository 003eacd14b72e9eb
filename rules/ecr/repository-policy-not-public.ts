import {
  DeleteRepositoryPolicyCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetRepositoryPolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { undefinedOn } from '../absence';
import { closePolicy } from '../close-policy';
import { defineRule, notFound } from '../rule';
import { listRepositories } from './repository/list';
import { repositories, repository } from './repository/resource';

export default defineRule({
  id: 'ecr-repository-policy-not-public',
  title: 'ECR repository policies do not allow public access',
  why: 'Anyone with an AWS account can pull images from a public repository, with the code and the secrets in them, or push images that your systems run.',
  impact:
    'Other accounts and services that have access only through the public statements can no longer pull or push images: add them to the policy first. Named principals keep access, and so do users and roles of the account that have it by an IAM policy.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  resource: repository,
  property: 'RepositoryPolicyText',
  detectedBy: { securityHub: [], config: [], accessAnalyzer: ['PublicAccess/AWS::ECR::Repository'] },
  permissions: {
    inspect: { actions: ['ecr:GetRepositoryPolicy', 'ecr:DescribeRepositories'], on: repositories },
    change: { actions: ['ecr:SetRepositoryPolicy', 'ecr:DeleteRepositoryPolicy'], on: repositories },
  },
  clients: [ECRClient],
  commands: [SetRepositoryPolicyCommand, DeleteRepositoryPolicyCommand],

  async inspect({ id }, aws) {
    // A repository without a policy and one that does not exist are different errors.
    const found = await undefinedOn(['RepositoryNotFoundException'], aws.send(new DescribeRepositoriesCommand({ repositoryNames: [id] })));
    if (!found) return notFound;
    const answer = await undefinedOn(
      ['RepositoryPolicyNotFoundException'],
      aws.send(new GetRepositoryPolicyCommand({ repositoryName: id })),
    );
    return { policy: answer?.policyText ?? null };
  },

  plan: ({ id }, { policy }) =>
    closePolicy(policy, {
      name: 'repository policy',
      // Without `force`, ECR rejects a policy that would keep the caller from setting another.
      put: (policyText) => new SetRepositoryPolicyCommand({ repositoryName: id, policyText }),
      remove: () => new DeleteRepositoryPolicyCommand({ repositoryName: id }),
    }),

  list: listRepositories,
});
