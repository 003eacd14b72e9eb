import type { Credentials } from './connection';

/**
 * Stands in for the SDK's chain of credential providers in the bundles: Lambda puts the credentials of the function's role into the
 * environment, and the rest of the chain (profiles, single sign-on, instance metadata) is 120 KB that no function uses.
 */
export const defaultProvider = () => async (): Promise<Credentials> => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error(
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set. Lambda sets them; the bundles have no other credential provider.',
    );
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
};
