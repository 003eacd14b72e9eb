/**
 * The aliases of the control function, one for each kind of caller, who can make no other requests by it. Lambda names the invoked alias, and
 * IAM controls access to each.
 */
export const channels = {
  /** Signed requests. Its events name their signer: whoever may invoke it directly can name anybody. */
  url: 'url',
  automations: 'automations',
  customActions: 'custom-actions',
  hourly: 'hourly',
  policy: 'policy',
  /** Answers in tickets and in Slack. Its events name a user of the tracker or of Slack: it is believed about those whom the policy maps alone. */
  answers: 'answers',
} as const;

export type Channel = (typeof channels)[keyof typeof channels];

/** The channel of the invoked ARN; undefined for the function itself, its versions, and any other alias. */
export function channelOf(invokedFunctionArn: string): Channel | undefined {
  const [, alias] = /:function:[^:]+:(.+)$/.exec(invokedFunctionArn) ?? [];
  return Object.values(channels).find((channel) => channel === alias);
}
