import * as z from 'zod';

/** A secret in Secrets Manager, by name or ARN. */
export const secretName = z.string().regex(/^(arn:aws(-[a-z]+)*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[\w/+=.@-]{1,512}$/, {
  error: 'is not a valid name or ARN of a secret in Secrets Manager',
});
