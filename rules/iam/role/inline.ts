import { GetRolePolicyCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';
import { instanceIn, revocationName } from './denial';
import { roles } from './resource';

/** `denials`: the policies by which sessions are denied, by name. `size`: the characters of all inline policies, as IAM counts them. */
export type Inline = { readonly denials: Readonly<Record<string, string>>; readonly size: number };

/** The permissions that `readInline` needs. */
export const inlineReading: Grant = { actions: ['iam:ListRolePolicies', 'iam:GetRolePolicy'], on: roles };

/** The characters that the inline policies of a role can have together. Source: "IAM and AWS STS quotas" in the IAM user guide. */
export const maxSize = 10_240;

/** The length of a policy without white space, which IAM does not count. */
export const sizeOf = (document: string): number => document.replace(/\s/g, '').length;

export async function readInline(RoleName: string, aws: Aws): Promise<Inline> {
  const names = await collect(
    (Marker) => aws.send(new ListRolePoliciesCommand({ RoleName, Marker })),
    ({ PolicyNames }) => PolicyNames,
    ({ Marker }) => Marker,
  );
  const denials: Record<string, string> = {};
  let size = 0;
  for (const PolicyName of names.sort()) {
    // It may have been deleted meanwhile.
    const answer = await undefinedOn(['NoSuchEntityException'], aws.send(new GetRolePolicyCommand({ RoleName, PolicyName })));
    const document = decodeURIComponent(answer?.PolicyDocument ?? '');
    size += sizeOf(document);
    if (answer && (PolicyName === revocationName || instanceIn(PolicyName) !== undefined)) denials[PolicyName] = document;
  }
  return { denials, size };
}
