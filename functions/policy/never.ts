import * as z from 'zod';
import { scope } from './scope';

/** What no response contains, whatever a person approves. */
export const never = z
  .array(
    z
      .strictObject({
        reason: z.string().min(1).max(1000).describe('The reason, for the audit log and the notification.'),
        resources: scope.resources,
        accounts: scope.accounts,
        names: z
          .array(z.string().min(1).max(512))
          .min(1)
          .optional()
          .describe('The last part of the ARN, such as the name of a user, a role or a bucket; `*` matches any characters.'),
      })
      .refine(({ resources, accounts, names }) => (resources ?? accounts ?? names) !== undefined, {
        error: 'is not valid: without resources, accounts or names, no threat could be responded to. Add one of them',
      }),
  )
  .default([])
  .describe(
    'What no response contains, also not after an approval: each key has to match, by one of its values. Upper and lower case are the same.',
  );
