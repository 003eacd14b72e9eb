import { CreateLaunchConfigurationCommand } from '@aws-sdk/client-auto-scaling';
import { amend } from '../../amendment';
import { isObject, type JsonObject } from '../../json';
import { type Content, contentOf, readConfigurations } from './read';

interface AmendedCopy {
  readonly LaunchConfigurationName: string;
  /** The ARN of the original, which tells it from a later one of the same name. */
  readonly copyOf: string;
  /** What differs from the original. */
  readonly set: JsonObject;
}

/** The content with other members; those of an object that are not set are kept. */
export const withMembers = (content: Content, set: JsonObject): Content => ({
  ...content,
  ...Object.fromEntries(
    Object.entries(set).map(([name, value]) => {
      const before = content[name];
      return [name, isObject(value) && isObject(before) ? { ...before, ...value } : value] as const;
    }),
  ),
});

/** Creates a copy. User data, which may contain secrets, is read and written back to AWS: no plan, state or log contains it. */
export const CopyLaunchConfigurationCommand = amend<AmendedCopy>(
  CreateLaunchConfigurationCommand,
  async ({ LaunchConfigurationName, copyOf, set }, aws) => {
    const name = copyOf.slice(copyOf.indexOf('launchConfigurationName/') + 'launchConfigurationName/'.length);
    const [original] = await readConfigurations([name], aws);
    if (original?.LaunchConfigurationARN !== copyOf)
      throw new Error(`The launch configuration ${copyOf} does not exist. Nothing was changed.`);
    return new CreateLaunchConfigurationCommand({ ...withMembers(contentOf(original), set), LaunchConfigurationName });
  },
);
