/** Lets the SDK see nothing of the AWS settings and credentials of whoever runs this: it can reach the emulator at the URL, and nothing else. */
export function isolate(endpoint: string): void {
  for (const name of Object.keys(process.env)) if (/^(AWS|CDK)_/.test(name)) delete process.env[name];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_CONFIG_FILE: '/nowhere',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    // Two seconds less: the check of all tests does it.
    CDK_VALIDATION: 'false',
  });
}
