import * as z from 'zod';
import { maxRequesterName, requesterName } from '../findings/requester';
import { scope } from './scope';

const requesterSaid =
  'is not a valid name of a requester: lower-case letters, digits and single hyphens, up to 40 characters, such as `siem` or `edr-prod`';
const requester = z.string().max(maxRequesterName, { error: requesterSaid }).regex(requesterName, { error: requesterSaid });
const requesterPrincipal = z.string().regex(/^arn:aws(-[a-z]+)*:iam::\d{12}:(root|(role|user)\/[\w+=,.@/-]+)$/, {
  error:
    'is not a valid ARN of an IAM role, IAM user or account (`arn:aws:iam::111122223333:role/Siem`, `arn:aws:iam::111122223333:root`); wildcards are not allowed',
});

/** Tools that request remediations, each by a source name of its own. */
export const requesters = z
  .record(
    requester,
    z.strictObject({
      principals: z
        .array(requesterPrincipal)
        .min(1)
        .max(20)
        .describe(
          'ARNs of the IAM roles, users or accounts that may use the source name `posture.finding.<name>`. They can not approve what they request.',
        ),
      mode: z
        .enum(['ask', 'fix'])
        .default('ask')
        .describe('`ask`: each plan waits for an approval. `fix`: the modes decide, as for any other finding.'),
      rules: scope.rules.unwrap().describe('Ids of the rules that it can request; `*` matches any characters: `s3-*`.'),
      accounts: scope.accounts.describe('Ids of the accounts of the resources, in quotes. Default: all.'),
      resources: scope.resources.describe('ARNs of the resources; `*` matches any characters. Default: all.'),
    }),
  )
  .default({})
  .describe(
    'Tools that request remediations by events on the bus `posture-requests`, by name. A new or changed entry requires a deployment of the stack Posture, which binds the name to the principals.',
  );
