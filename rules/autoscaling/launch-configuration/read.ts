import { DescribeLaunchConfigurationsCommand, type LaunchConfiguration } from '@aws-sdk/client-auto-scaling';
import type { JsonObject } from '../../json';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';

/** The members of a launch configuration from which another can be created. */
export type Content = JsonObject;

// IAM offers no resource-level permission for it.
export const configurationReading: Grant = { actions: ['autoscaling:DescribeLaunchConfigurations'], on: '*' };

/** The launch configurations with these names that exist. */
export async function readConfigurations(names: readonly string[], aws: Aws): Promise<readonly LaunchConfiguration[]> {
  const { LaunchConfigurations = [] } = await aws.send(new DescribeLaunchConfigurationsCommand({ LaunchConfigurationNames: [...names] }));
  return LaunchConfigurations;
}

/** The ARNs of the launch configurations of an account and region. */
export const listConfigurations = (aws: Aws): Promise<string[]> =>
  collect(
    (NextToken) => aws.send(new DescribeLaunchConfigurationsCommand({ MaxRecords: 100, NextToken })),
    ({ LaunchConfigurations = [] }) => LaunchConfigurations.flatMap(({ LaunchConfigurationARN }) => LaunchConfigurationARN ?? []),
    ({ NextToken }) => NextToken,
  );

/** The content without the empty strings and lists that AWS returns for unset members, and rejects as input. */
export function contentOf({ LaunchConfigurationName, LaunchConfigurationARN, CreatedTime, ...content }: LaunchConfiguration): Content {
  const said = Object.entries(content).filter(
    ([, value]) => value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return JSON.parse(JSON.stringify(Object.fromEntries(said))) as Content;
}
