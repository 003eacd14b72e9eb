import { randomUUID } from 'node:crypto';
import { errorAnswer, jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';

type Statement = Readonly<Record<string, unknown>>;

/** The ARN of the version; the layer is named by its name or its ARN. */
function arnOf({ input }: Operation, { account, region }: Place): string {
  const { LayerName = '', VersionNumber } = input as { LayerName?: string; VersionNumber?: string | number };
  const layer = LayerName.startsWith('arn:') ? LayerName : `arn:aws:lambda:${region}:${account}:layer:${LayerName}`;
  return `${layer}:${VersionNumber}`;
}

const principalOf = (principal: string): unknown => (principal === '*' ? principal : { AWS: `arn:aws:iam::${principal}:root` });

/**
 * The policies of versions of layers: moto writes organizations in its own way. As AWS, it has none where the version does not exist.
 * https://docs.aws.amazon.com/lambda/latest/api/API_AddLayerVersionPermission.html
 */
export const emulateLayerPolicies = (): { readonly operations: LocalOperations } => {
  const policies = new Map<string, readonly Statement[]>();
  const missing = (operation: Operation, message: string) =>
    errorAnswer(operation, { status: 404, code: 'ResourceNotFoundException', message });

  const operations: LocalOperations = {
    'lambda:AddLayerVersionPermission'(operation, place) {
      const Resource = arnOf(operation, place);
      const statements = policies.get(Resource) ?? [];
      const { StatementId: Sid, Action, Principal, OrganizationId } = operation.input;
      if (statements.some((one) => one.Sid === Sid))
        return errorAnswer(operation, {
          status: 409,
          code: 'ResourceConflictException',
          message: `The statement id (${Sid}) provided already exists.`,
        });
      const statement = {
        Sid,
        Effect: 'Allow',
        Principal: principalOf(String(Principal)),
        Action,
        Resource,
        ...(OrganizationId !== undefined && { Condition: { StringEquals: { 'aws:PrincipalOrgID': OrganizationId } } }),
      };
      policies.set(Resource, [...statements, statement]);
      return jsonAnswer({ Statement: JSON.stringify(statement), RevisionId: randomUUID() });
    },

    'lambda:RemoveLayerVersionPermission'(operation, place) {
      const arn = arnOf(operation, place);
      const { StatementId } = operation.input;
      const statements = policies.get(arn) ?? [];
      const rest = statements.filter(({ Sid }) => Sid !== StatementId);
      if (rest.length === statements.length) return missing(operation, `Statement ${StatementId} is not found in resource policy.`);
      if (rest.length === 0) policies.delete(arn);
      else policies.set(arn, rest);
      return jsonAnswer({});
    },

    'lambda:GetLayerVersionPolicy'(operation, place) {
      const statements = policies.get(arnOf(operation, place));
      if (!statements) return missing(operation, 'No policy is associated with the given resource.');
      const Policy = JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
      return jsonAnswer({ Policy, RevisionId: randomUUID() });
    },
  };
  return { operations };
};
