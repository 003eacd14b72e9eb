/** Clients that are in the bundles of all functions, and of whose errors nobody asks for the class. */
export const withPlainErrors: readonly string[] = ['cloudtrail', 'config-service', 'eventbridge', 'organizations', 'securityhub', 'sts'];

/**
 * Leaves out the classes of a client's errors but for their base: an error has its name, message and answer without them, and is no
 * `instanceof` its own class. They would be in every bundle, used or not (CloudTrail: 30 KB).
 */
export const withoutErrorClasses = (source: string): string => source.replace(/^n0_registry\.registerError\(.*\);$/gm, '');
