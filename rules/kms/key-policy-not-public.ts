import { GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { undefinedOn } from '../absence';
import { withoutEverybody } from '../everybody';
import { isObject, type JsonObject } from '../json';
import { readPolicy, stringsIn, writePolicy } from '../policy';
import { close } from '../public-statements';
import { defineRule, notFound, type Resource } from '../rule';
import { listing, listKeys } from './key/list';
import { key, keys } from './key/resource';

/** AWS KMS accepts key policies of up to 32 KB. */
const maxBytes = 32 * 1024;

export default defineRule({
  id: 'kms-key-policy-not-public',
  title: 'KMS key policies do not allow public access',
  why: 'With a public key policy, any AWS account can use the key as the policy allows: decrypt the data it protects, or even delete it.',
  impact:
    'Other accounts that have access only through the public statements lose it. Users and roles of the same account keep the access that their IAM policies allow; those without such a policy lose it too: add them to the key policy first.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  resource: key,
  property: 'KeyPolicy',
  detectedBy: { securityHub: ['KMS.5'], config: ['kms-key-policy-no-public-access'], accessAnalyzer: ['PublicAccess/AWS::KMS::Key'] },
  permissions: {
    inspect: [{ actions: ['kms:GetKeyPolicy'], on: keys }, listing],
    change: {
      actions: ['kms:PutKeyPolicy'],
      on: keys,
      // Without BypassPolicyLockoutSafetyCheck, AWS KMS rejects a policy that would lock out the caller.
      condition: { BoolIfExists: { 'kms:BypassPolicyLockoutSafetyCheck': 'false' } },
    },
  },
  clients: [KMSClient],
  commands: [PutKeyPolicyCommand],
  // AWS KMS documents that a change can take minutes to take effect everywhere.
  settle: 120,

  async inspect({ id }, aws) {
    const answer = await undefinedOn(['NotFoundException'], aws.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: 'default' })));
    return answer ? { policy: answer.Policy ?? '' } : notFound;
  },

  plan(resource, { policy: text }) {
    const policy = readPolicy(text);
    if (!policy)
      return {
        unfixable: 'The key policy cannot be parsed as JSON and rewritten without loss. Rewrite it manually.',
        code: 'state-unreadable',
      };
    const { statements } = policy;
    const closing = close(statements);
    if (closing === 'closed') return [];
    if ('unfixable' in closing) return closing;
    if (statements.some(({ Effect, NotPrincipal }) => Effect === 'Allow' && NotPrincipal !== undefined))
      return {
        unfixable: 'The key policy allows everyone with exceptions (NotPrincipal), so the intended principals are unknown. Name them.',
        code: 'principal-unclear',
      };

    const closed = writePolicy(
      policy,
      statements.map((statement) => (closing.left.includes(statement) ? statement : forAccount(statement, resource))),
    );
    const size = Buffer.byteLength(closed);
    if (size > maxBytes)
      return {
        unfixable: `Without its public statements, the key policy would have ${size} bytes. AWS KMS accepts up to ${maxBytes}. Shorten it first.`,
        code: 'policy-too-large',
      };
    return [{ do: put(resource, closed), undo: put(resource, text) }];
  },

  list: listKeys,
});

/**
 * The statement for the principals that it names besides everyone, and for the account, whose IAM policies then apply:
 * a key that nobody can manage is lost.
 */
function forAccount(statement: JsonObject, { partition, account }: Resource): JsonObject {
  const named = withoutEverybody(statement)?.Principal;
  const others = isObject(named) ? named : {};
  const root = `arn:${partition}:iam::${account}:root`;
  const users = (stringsIn(others.AWS ?? []) ?? []).filter((name) => name !== root);
  return { ...statement, Principal: { ...others, AWS: users.length > 0 ? [root, ...users] : root } };
}

const put = ({ id }: Resource, Policy: string) => new PutKeyPolicyCommand({ KeyId: id, PolicyName: 'default', Policy });
