import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';

type Said = Partial<DescribeSecretCommandOutput>;

/** Rotation as AWS documents it, in the place of moto's, which needs a real function and forgets it. Secrets themselves are moto's. */
export function standInForRotation() {
  const said = new Map<string, Said>();

  function rotate({ SecretId = '', RotationLambdaARN, RotationRules, RotateImmediately = true }: RotateSecretCommand['input']): object {
    const before = said.get(SecretId) ?? {};
    const after = {
      ...before,
      RotationEnabled: true,
      RotationLambdaARN: RotationLambdaARN ?? before.RotationLambdaARN,
      RotationRules: RotationRules ?? before.RotationRules,
      ...(RotateImmediately && { LastRotatedDate: new Date() }),
    };
    if (!after.RotationLambdaARN || !after.RotationRules)
      throw Object.assign(new Error('No Lambda rotation function ARN is associated with this secret.'), {
        name: 'InvalidRequestException',
      });
    said.set(SecretId, after);
    return { ARN: SecretId };
  }

  standIn(SecretsManagerClient, async (command, send) => {
    if (command instanceof RotateSecretCommand) return rotate(command.input);
    if (command instanceof CancelRotateSecretCommand) {
      const { SecretId = '' } = command.input;
      said.set(SecretId, { ...said.get(SecretId), RotationEnabled: false });
      return { ARN: SecretId };
    }
    const answer = await send(command);
    return command instanceof DescribeSecretCommand ? { ...answer, ...said.get(command.input.SecretId ?? '') } : answer;
  });

  return {
    /** Makes a secret of which AWS also says this; its ARN. */
    secretWith:
      (answer: Said = {}) =>
      async (world: World): Promise<string> => {
        const Name = `app/secret-${Math.random().toString(36).slice(2)}`;
        const { ARN = '' } = await world.send(new CreateSecretCommand({ Name, SecretString: 'only-for-tests' }));
        said.set(ARN, answer);
        return ARN;
      },
    /** What AWS says of a secret, beside what moto does. */
    said: (arn: string): Said | undefined => said.get(arn),
  };
}
