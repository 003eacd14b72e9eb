import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { undefinedOn } from '../../absence';
import type { ResourceKind } from '../../rule';

/** The ARNs of secrets, for grants. */
export const secrets = 'arn:{partition}:secretsmanager:{region}:{account}:secret:*';

/** A secret, by its name with the six characters that AWS adds. Names can have paths and begin with a slash. AWS Config identifies it by its ARN. */
export const secret: ResourceKind = {
  type: 'AWS::SecretsManager::Secret',
  arn: 'arn:{partition}:secretsmanager:{region}:{account}:secret:{slash}{path}{id}',
  name: /[A-Za-z0-9_+=.@!-]{1,512}-[A-Za-z0-9]{6}/,
  scope: 'regional',
  changedBy: {
    service: 'secretsmanager',
    calls: {
      'requestParameters.secretId': ['CancelRotateSecret', 'RotateSecret', 'UpdateSecret', 'PutResourcePolicy', 'DeleteResourcePolicy'],
      'requestParameters.name': ['CreateSecret'],
    },
  },
  target: ({ arn }) => ({ SecretId: arn }),
  permissions: [{ actions: ['secretsmanager:DescribeSecret'], on: secrets }],

  async tags({ arn }, aws) {
    const answer = await undefinedOn(['ResourceNotFoundException'], aws.send(new DescribeSecretCommand({ SecretId: arn })));
    return Object.fromEntries((answer?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  },

  async resolve(id, _, aws) {
    if (!/^[\w/+=.@!-]{1,512}$/.test(id)) return undefined;
    const answer = await undefinedOn(['ResourceNotFoundException'], aws.send(new DescribeSecretCommand({ SecretId: id })));
    const { ARN, Name } = answer ?? {};
    return ARN !== undefined && (Name === id || ARN.endsWith(`:secret:${id}`)) ? [ARN] : [];
  },
};
