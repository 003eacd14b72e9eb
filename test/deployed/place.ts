import type { AccountCredentials } from '../emulator/account';

export const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' } as const;

/** The owner of the account, who may do everything: the emulator takes this key for it. */
export const owner = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

/** All that a program has to know to work there, and nothing of whoever runs this. */
export const environmentOf = (
  url: string,
  { accessKeyId, secretAccessKey }: Omit<AccountCredentials, 'sessionToken'>,
): Record<string, string> => ({
  AWS_ENDPOINT_URL: url,
  AWS_REGION: place.region,
  AWS_DEFAULT_REGION: place.region,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_CONFIG_FILE: '/nowhere',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CI: 'true',
  NO_COLOR: '1',
});
