/** The aliases of the control function for other services, which support fewer requests than the URL. */
export const channels = { automations: 'automations', customActions: 'custom-actions', hourly: 'hourly' } as const;

/** Without an alias, the signed endpoint. Lambda provides the invoked alias, and IAM controls access to each. */
export type Channel = 'url' | (typeof channels)[keyof typeof channels];

/** The channel of the invoked ARN; undefined for any other alias. */
export function channelOf(invokedFunctionArn: string): Channel | undefined {
  const [, qualifier] = /:function:[^:]+(?::(.+))?$/.exec(invokedFunctionArn) ?? [];
  if (qualifier === undefined || qualifier === '$LATEST') return 'url';
  return Object.values(channels).find((channel) => channel === qualifier);
}
