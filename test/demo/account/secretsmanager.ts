import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Piece } from './piece';

export const secretsManager: readonly Piece[] = [
  {
    control: 'SecretsManager.3',
    words: 'nobody reads it yet, but it is new',
    async resource(world) {
      const { ARN: arn = '' } = await world.send(new CreateSecretCommand({ Name: 'shop/database', SecretString: 'only-for-the-demo' }));
      return { type: 'AWS::SecretsManager::Secret', arn, configId: arn };
    },
    ends: 'already-compliant',
  },
];
