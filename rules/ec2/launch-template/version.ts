import { DescribeLaunchTemplateVersionsCommand, type LaunchTemplateVersion, ModifyLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import { amend } from '../../amendment';
import { collect } from '../../pages';
import type { Aws } from '../../rule';

/** The version to make the default: by its number, or the only one after a number, with this description. */
type Choice = { readonly LaunchTemplateId: string } & (
  | { readonly DefaultVersion: string }
  | { readonly VersionDescription: string; readonly after: number }
);

/** The error name for a version that AWS does not return yet. */
export const unseen = 'VersionUnseen';

/** Makes a version the default, also if AWS has yet to assign its number: numbers are never reused, and others may create versions at the same time. */
export const SetDefaultVersionCommand = amend<Choice>(ModifyLaunchTemplateCommand, async (choice, aws) => {
  const { LaunchTemplateId } = choice;
  if ('DefaultVersion' in choice) return new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: choice.DefaultVersion });
  const { VersionDescription, after } = choice;
  const later = (await readVersions(LaunchTemplateId, aws)).filter(({ VersionNumber = 0 }) => VersionNumber > after);
  const [made, ...others] = later;
  if (!made) throw Object.assign(new Error(`Amazon EC2 does not return the new version of ${LaunchTemplateId} yet.`), { name: unseen });
  if (others.length > 0 || made.VersionDescription !== VersionDescription)
    throw new Error(`Another version of ${LaunchTemplateId} has been created since the inspection. Its default version was not changed.`);
  return new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: String(made.VersionNumber) });
});

/** The numbers of the versions with this description, sorted. */
export const numbersOf = (versions: readonly LaunchTemplateVersion[], description: string): readonly number[] =>
  versions
    .filter(({ VersionDescription }) => VersionDescription === description)
    .map(({ VersionNumber = 0 }) => VersionNumber)
    .sort((a, b) => a - b);

/** All versions of a launch template. */
export const readVersions = (LaunchTemplateId: string, aws: Aws): Promise<LaunchTemplateVersion[]> =>
  collect(
    (NextToken) => aws.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, MaxResults: 200, NextToken })),
    ({ LaunchTemplateVersions }) => LaunchTemplateVersions,
    ({ NextToken }) => NextToken,
  );
