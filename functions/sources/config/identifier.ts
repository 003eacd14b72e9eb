/**
 * The identifiers that don't follow from the names. The page of each rule states both, for example
 * https://docs.aws.amazon.com/config/latest/developerguide/restricted-ssh.html.
 */
const others: ReadonlyMap<string, string> = new Map([
  ['cloudtrail-enabled', 'CLOUD_TRAIL_ENABLED'],
  ['ec2-instance-managed-by-systems-manager', 'EC2_INSTANCE_MANAGED_BY_SSM'],
  ['multi-region-cloudtrail-enabled', 'MULTI_REGION_CLOUD_TRAIL_ENABLED'],
  ['restricted-common-ports', 'RESTRICTED_INCOMING_TRAFFIC'],
  ['restricted-ssh', 'INCOMING_SSH_DISABLED'],
]);

/** The identifier of the managed rule with this default name, such as `INCOMING_SSH_DISABLED` of `restricted-ssh`. */
export const identifierOf = (name: string): string => others.get(name) ?? name.toUpperCase().replaceAll('-', '_');
