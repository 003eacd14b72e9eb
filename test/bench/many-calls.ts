/** The most AWS calls that a fix may take without a reason: reads, changes, and reads to see what came of them. */
export const mostCalls = 12;

/** The rules of which a fix takes more, and why, in a sentence. */
export const manyCalls: Readonly<Record<string, string>> = {
  'ec2-vpc-flow-logs-enabled': 'It makes up to five things, and each is looked for before and after.',
  'lambda-function-policy-not-public': 'The function, its aliases and its versions have a policy each.',
};
