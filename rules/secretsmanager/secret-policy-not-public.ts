import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { closePolicy } from '../close-policy';
import { defineRule, notFound, type Obstacle } from '../rule';
import { listing, listSecrets } from './secret/list';
import { secret, secrets } from './secret/resource';
import { describeSecret } from './secret/rotation';

/** `deleted`: it is scheduled for deletion, and its policy is not read. */
type State = { readonly policy: string | null; readonly service?: string; readonly primary?: string; readonly deleted?: true };

export default defineRule({
  id: 'secretsmanager-secret-policy-not-public',
  title: 'Secrets Manager secret policies do not allow public access',
  why: 'With a public policy, any AWS account can read the secret if it also may use its key, or replace and delete it.',
  impact:
    'Other accounts and services that have access only through the public statements can no longer read the secret: add them to the policy first. Named principals keep access, and so do users and roles of the account that have it by an IAM policy. Who has read the secret still knows it: rotate it.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  resource: secret,
  property: 'AWS::SecretsManager::ResourcePolicy',
  detectedBy: { securityHub: [], config: [], accessAnalyzer: ['PublicAccess/AWS::SecretsManager::Secret'] },
  permissions: {
    inspect: [{ actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetResourcePolicy'], on: secrets }, listing],
    change: { actions: ['secretsmanager:PutResourcePolicy', 'secretsmanager:DeleteResourcePolicy'], on: secrets },
  },
  clients: [SecretsManagerClient],
  commands: [PutResourcePolicyCommand, DeleteResourcePolicyCommand],

  async inspect({ arn, region }, aws): Promise<State | typeof notFound> {
    const found = await describeSecret(arn, aws);
    if (!found) return notFound;
    if (found.DeletedDate) return { policy: null, deleted: true };
    const { ResourcePolicy } = await aws.send(new GetResourcePolicyCommand({ SecretId: arn }));
    const { OwningService: service, PrimaryRegion: primary } = found;
    return {
      policy: ResourcePolicy ?? null,
      ...(service && { service }),
      ...(primary && primary !== region && { primary }),
    };
  },

  plan({ arn }, { policy, service, primary, deleted }) {
    if (deleted)
      return { unfixable: 'The secret is scheduled for deletion: nobody can read it until it is restored.', code: 'pending-deletion' };
    const plan = closePolicy(policy, {
      name: 'policy of the secret',
      // Said for the undo, which may restore a public policy: by default, too, Secrets Manager does not block it.
      put: (ResourcePolicy) => new PutResourcePolicyCommand({ SecretId: arn, ResourcePolicy, BlockPublicPolicy: false }),
      remove: () => new DeleteResourcePolicyCommand({ SecretId: arn }),
    });
    const changes = Array.isArray(plan) && plan.length > 0;
    return (changes ? outOfReach({ service, primary }) : undefined) ?? plan;
  },

  list: listSecrets,
});

function outOfReach({
  service,
  primary,
}: {
  readonly service: string | undefined;
  readonly primary: string | undefined;
}): Obstacle | undefined {
  if (service !== undefined)
    return {
      unfixable: `The service ${service} manages this secret and its policy. Change it through that service.`,
      code: 'owned-by-service',
    };
  if (primary !== undefined)
    return {
      unfixable: `The secret is a replica of a secret in ${primary}, from which it gets its policy. Change that of the primary secret.`,
      code: 'replica',
    };
  return undefined;
}
