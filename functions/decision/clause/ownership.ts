import type { Tags } from '../../../rules/rule';
import { matchesWildcard } from '../../../rules/wildcard';
import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';
import { verdictOf } from './mode';

/** Whether an infrastructure-as-code tool or an operator manages the resource: it would revert the fix, or fail at its next deployment. */
export function ownership({ policy: { ownership: set }, about: { tags }, lastChange, property }: Facts): readonly ClauseResult[] {
  const answer = verdictOf[set.mode];
  // Unreadable tags are evaluated as an exemption, which also asks.
  const owner = 'known' in tags && tags.known ? ownerByTags(tags.known, set.tags) : undefined;
  const there = property === undefined ? '' : `; change the property ${property} there`;
  if (owner) return [{ clause: 'ownership', answer, reason: `${owner} manages the resource${there}` }];
  if (!set.lastChange || answer === 'fix') return [];
  if ('unknown' in lastChange) {
    return [{ clause: 'ownership', answer, reason: `who changed the resource last can't be read from CloudTrail: ${lastChange.unknown}` }];
  }
  const tool = lastChange.known && toolOf(lastChange.known.userAgent);
  if (!tool) return [];
  const { principal, event, at } = lastChange.known as NonNullable<typeof lastChange.known>;
  return [
    {
      clause: 'ownership',
      answer,
      reason: `${tool} manages the resource and made the last change: ${event} by ${principal} at ${at}${there}`,
    },
  ];
}

/** Tags that tools set on the resources that they manage. Sources: the documentation of CloudFormation, Pulumi, AWS Controllers for Kubernetes, Crossplane, Karpenter, the AWS load balancer controller. */
const marks: readonly { readonly key: string; readonly value?: string; readonly owner: string }[] = [
  { key: 'pulumi:*', owner: 'Pulumi' },
  { key: 'services.k8s.aws/*', owner: 'AWS Controllers for Kubernetes' },
  { key: 'crossplane-*', owner: 'Crossplane' },
  { key: 'karpenter.sh/*', owner: 'Karpenter' },
  { key: 'elbv2.k8s.aws/cluster', owner: 'The AWS Load Balancer Controller' },
  { key: 'ebs.csi.aws.com/cluster', owner: 'The EBS driver of Kubernetes' },
  { key: 'kubernetes.io/cluster/*', value: 'owned', owner: 'A Kubernetes cluster' },
  { key: 'terraform', value: 'true', owner: 'Terraform' },
];

/** Keys of conventional tags that name the tool that manages a resource. */
const conventional = ['managedby', 'managed_by', 'managed-by', 'createdby', 'created_by', 'created-by', 'provisioner', 'iac'];
const knownTools: Readonly<Record<string, string>> = {
  terraform: 'Terraform',
  opentofu: 'OpenTofu',
  pulumi: 'Pulumi',
  cloudformation: 'CloudFormation',
  cdk: 'The CDK',
  crossplane: 'Crossplane',
};

/** The owner that the tags of a resource indicate, if any, with the stack and the logical id. */
export function ownerByTags(tags: Tags, own: Facts['policy']['ownership']['tags']): string | undefined {
  const stack = tags['aws:cloudformation:stack-name'];
  if (stack !== undefined) {
    const logical = tags['aws:cloudformation:logical-id'];
    return `The CloudFormation stack ${stack}${logical ? ` (logical id ${logical})` : ''}`;
  }
  for (const [key, value] of Object.entries(tags)) {
    const mark = [...own, ...marks].find(
      (one) =>
        matchesWildcard(key.toLowerCase(), one.key.toLowerCase()) && matchesWildcard(value.toLowerCase(), (one.value ?? '*').toLowerCase()),
    );
    if (mark) return `${mark.owner} (by the tag ${key})`;
    const tool = Object.keys(knownTools).find((name) => conventional.includes(key.toLowerCase()) && value.toLowerCase().includes(name));
    if (tool) return `${knownTools[tool]} (by the tag ${key})`;
  }
  return undefined;
}

const agents: readonly (readonly [RegExp, string])[] = [
  [/cloudformation\.amazonaws\.com/i, 'CloudFormation'],
  [/opentofu/i, 'OpenTofu'],
  [/terraform/i, 'Terraform'],
  [/pulumi/i, 'Pulumi'],
  [/aws-controllers-k8s|ack-/i, 'An operator of AWS Controllers for Kubernetes'],
  [/crossplane|upjet/i, 'Crossplane'],
  [/karpenter/i, 'Karpenter'],
  [/elbv2\.k8s\.aws|aws-load-balancer-controller/i, 'The AWS Load Balancer Controller'],
];

/** The infrastructure-as-code tool of a user agent, if it is one. */
export const toolOf = (userAgent: string): string | undefined => agents.find(([agent]) => agent.test(userAgent))?.[1];
