import { DescribeLaunchTemplateVersionsCommand, type LaunchTemplateVersion, ModifyLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import { amend } from '../../amendment';
import { collect } from '../../pages';
import type { Aws } from '../../rule';

/** The version to make the default one: by its number, or the only one after a number, which has this description. */
type Choice = { readonly LaunchTemplateId: string } & (
  | { readonly DefaultVersion: string }
  | { readonly VersionDescription: string; readonly after: number }
);

/** The name of the error by which it says that AWS does not show the version yet. */
export const unseen = 'VersionUnseen';

/** Makes a version the default one, also one whose number only AWS knows: it gives no number twice, and another may make versions too. */
export const SetDefaultVersionCommand = amend<Choice>(ModifyLaunchTemplateCommand, async (choice, aws) => {
  const { LaunchTemplateId } = choice;
  if ('DefaultVersion' in choice) return new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: choice.DefaultVersion });
  const { VersionDescription, after } = choice;
  const later = (await readVersions(LaunchTemplateId, aws)).filter(({ VersionNumber = 0 }) => VersionNumber > after);
  const [made, ...others] = later;
  if (!made) throw Object.assign(new Error(`AWS EC2 does not show the new version of ${LaunchTemplateId}.`), { name: unseen });
  if (others.length > 0 || made.VersionDescription !== VersionDescription)
    throw new Error(`Somebody else has made a version of ${LaunchTemplateId} meanwhile, and its default version was not changed.`);
  return new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: String(made.VersionNumber) });
});

/** The numbers of the versions of this description, sorted. */
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
