import { type PatchOperation, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import type { Resource } from '../../rule';
import { apiOf } from './resource';

/** The key of the settings for all methods without settings of their own. */
export const allMethods = '*/*';

/** One method setting: the key of the methods as a stage shows it (`pets/GET`), and the value; null removes all settings under that key. */
export interface MethodSetting {
  readonly key: string;
  readonly value: string | null;
}

/** Sets one method setting by its path (`logging/loglevel`), and leaves all others unchanged. */
export const methodSettings = (stage: Resource, path: string, settings: readonly MethodSetting[]) =>
  new UpdateStageCommand({
    restApiId: apiOf(stage),
    stageName: stage.id,
    patchOperations: settings.map(({ key, value }): PatchOperation => {
      const methods = `/${escaped(key)}`;
      return value === null ? { op: 'remove', path: methods } : { op: 'replace', path: `${methods}/${path}`, value };
    }),
  });

/** In a patch path, a slash within the resource path is `~1`. */
const escaped = (key: string): string => {
  const end = key.lastIndexOf('/');
  return `${key.slice(0, end).replaceAll('/', '~1')}${key.slice(end)}`;
};
