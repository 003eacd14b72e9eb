import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { collect } from '../../pages';
import type { Aws, Grant, Place } from '../../rule';

/** The permissions that `listSecrets` needs. */
export const listing: Grant = { actions: ['secretsmanager:ListSecrets'], on: '*' };

/** The ARNs of the secrets in an account and region. */
export const listSecrets = (_: Place, aws: Aws): Promise<readonly string[]> =>
  collect(
    (NextToken) => aws.send(new ListSecretsCommand({ MaxResults: 100, NextToken })),
    ({ SecretList = [] }) => SecretList.flatMap(({ ARN }) => ARN ?? []),
    ({ NextToken }) => NextToken,
  );
