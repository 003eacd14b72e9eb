import { GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { unless } from '../absence';
import { withoutEverybody } from '../everybody';
import { isObject, type JsonObject } from '../json';
import { readPolicy, stringsIn, writePolicy } from '../policy';
import { close } from '../public-statements';
import { defineRule, gone, type Resource } from '../rule';
import { listing, listKeys } from './key/list';
import { key, keys } from './key/resource';

/** AWS KMS takes key policies of at most 32 KB. */
const maximum = 32 * 1024;

export default defineRule({
  id: 'kms-key-policy-not-public',
  title: 'KMS keys are not open to everybody',
  why: 'With a public key, every AWS account in the world can decrypt what it protects, or what more its policy allows, even delete it.',
  impact:
    'Other accounts that only the public statements let in are refused. Users and roles of the same account keep what their own policies allow; those without one are refused too: name them in the key policy first.',
  severity: 'critical',
  risk: 'disruptive',
  resource: key,
  property: 'KeyPolicy',
  detectedBy: { securityHub: ['KMS.5'], config: ['kms-key-policy-no-public-access'] },
  permissions: {
    inspect: [{ actions: ['kms:GetKeyPolicy'], on: keys }, listing],
    change: {
      actions: ['kms:PutKeyPolicy'],
      on: keys,
      // AWS KMS takes no policy that would lock us out, unless it is told to.
      condition: { BoolIfExists: { 'kms:BypassPolicyLockoutSafetyCheck': 'false' } },
    },
  },
  clients: [KMSClient],
  commands: [PutKeyPolicyCommand],
  // AWS KMS says that a change can take minutes to be seen everywhere.
  settle: 120,

  async inspect({ id }, aws) {
    const answer = await unless(['NotFoundException'], aws.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: 'default' })));
    return answer ? { policy: answer.Policy ?? '' } : gone;
  },

  plan(resource, { policy: text }) {
    const policy = readPolicy(text);
    if (!policy)
      return { unfixable: 'The key policy is not a policy in JSON that can be written again without loss. Write it anew by hand.' };
    const { statements } = policy;
    const closing = close(statements);
    if (closing === 'closed') return [];
    if ('unfixable' in closing) return closing;
    if (statements.some(({ Effect, NotPrincipal }) => Effect === 'Allow' && NotPrincipal !== undefined))
      return { unfixable: 'The key policy lets in everybody but some: who is meant can not be told. Name them.' };

    const closed = writePolicy(
      policy,
      statements.map((statement) => (closing.left.includes(statement) ? statement : forAccount(statement, resource))),
    );
    const size = Buffer.byteLength(closed);
    if (size > maximum)
      return {
        unfixable: `Without its public statements the key policy would have ${size} bytes; AWS KMS takes ${maximum}. Shorten it first.`,
      };
    return [{ do: put(resource, closed), undo: put(resource, text) }];
  },

  list: listKeys,
});

/**
 * The statement for those that it names beside everybody, and for the account, which lets its users and roles in by their own policies:
 * a key that nobody may manage is lost.
 */
function forAccount(statement: JsonObject, { partition, account }: Resource): JsonObject {
  const named = withoutEverybody(statement)?.Principal;
  const others = isObject(named) ? named : {};
  const root = `arn:${partition}:iam::${account}:root`;
  const users = (stringsIn(others.AWS ?? []) ?? []).filter((name) => name !== root);
  return { ...statement, Principal: { ...others, AWS: users.length > 0 ? [root, ...users] : root } };
}

const put = ({ id }: Resource, Policy: string) => new PutKeyPolicyCommand({ KeyId: id, PolicyName: 'default', Policy });
