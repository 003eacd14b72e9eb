/** Clients that are in the bundles of all functions, and whose error classes no code uses. */
export const withPlainErrors: readonly string[] = [
  'cloudtrail',
  'config-service',
  'eventbridge',
  'lambda',
  'organizations',
  'securityhub',
  'sts',
];

/**
 * Removes the error classes of a client except their base class: an error still has its name, message and response, but is not an
 * `instanceof` its own class. The classes would be in every bundle, used or not (CloudTrail: 30 KB).
 */
export const withoutErrorClasses = (source: string): string => source.replace(/^n0_registry\.registerError\(.*\);$/gm, '');
