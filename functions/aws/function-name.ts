/** The name of a rule's function. Its prefix is that of no other function of ours: a wildcard over the rules does not cover the control function. */
export const functionNameOf = (rule: string): string => `posture-rule-${rule}`;
