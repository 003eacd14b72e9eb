import { CreateKeyCommand, type CreateKeyCommandInput } from '@aws-sdk/client-kms';
import type { World } from '../../contract/scenario';

/** Makes a key; its id. */
export const newKey =
  (input: CreateKeyCommandInput = {}) =>
  async (world: World): Promise<string> =>
    (await world.send(new CreateKeyCommand(input))).KeyMetadata?.KeyId ?? '';
