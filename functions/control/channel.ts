/** The aliases of the control function by which other services come in: what they may say is less than a request to the URL may. */
export const channels = { automations: 'automations', customActions: 'custom-actions' } as const;

/** Without an alias, the signed endpoint. Lambda itself tells by which one it was invoked, and IAM says who may use which. */
export type Channel = 'url' | (typeof channels)[keyof typeof channels];

/** By the ARN with which Lambda says that the function was invoked; undefined for any other alias. */
export function channelOf(invokedFunctionArn: string): Channel | undefined {
  const [, qualifier] = /:function:[^:]+(?::(.+))?$/.exec(invokedFunctionArn) ?? [];
  if (qualifier === undefined || qualifier === '$LATEST') return 'url';
  return Object.values(channels).find((channel) => channel === qualifier);
}
