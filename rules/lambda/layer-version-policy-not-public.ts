import {
  AddLayerVersionPermissionCommand,
  GetLayerVersionPolicyCommand,
  LambdaClient,
  RemoveLayerVersionPermissionCommand,
} from '@aws-sdk/client-lambda';
import { undefinedOn } from '../absence';
import { fixesCaller } from '../caller';
import { isAboutEverybody } from '../everybody';
import type { JsonObject } from '../json';
import { readPolicy } from '../policy';
import { type Change, defineRule, notFound, type Unfixable } from '../rule';
import { layerListing, listLayerVersions, versionListing, versionsOf } from './layer-version/list';
import { permissionFor } from './layer-version/permission';
import { layerVersion, layerVersions, partsOf } from './layer-version/resource';

export default defineRule({
  id: 'lambda-layer-version-policy-not-public',
  title: 'Lambda layer version policies do not allow public access',
  why: 'Any AWS account can download the code in a public layer version, with the secrets in it.',
  impact:
    'Other accounts that use the layer version only through the public statement can no longer add it to a function: add their accounts or your organization first. Functions that have it keep it. Accounts and organizations that the policy names keep access. Who has downloaded the code still has it: replace the secrets in it.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  resource: layerVersion,
  detectedBy: { securityHub: [], config: [], accessAnalyzer: ['PublicAccess/AWS::Lambda::LayerVersion'] },
  permissions: {
    inspect: [{ actions: ['lambda:GetLayerVersionPolicy'], on: layerVersions }, versionListing, layerListing],
    change: { actions: ['lambda:AddLayerVersionPermission', 'lambda:RemoveLayerVersionPermission'], on: layerVersions },
  },
  clients: [LambdaClient],
  commands: [AddLayerVersionPermissionCommand, RemoveLayerVersionPermissionCommand],

  async inspect(resource, aws) {
    const { LayerName, VersionNumber } = partsOf(resource);
    const answer = await undefinedOn(
      ['ResourceNotFoundException'],
      aws.send(new GetLayerVersionPolicyCommand({ LayerName, VersionNumber })),
    );
    // A version without a policy and one that does not exist are the same error.
    if (!answer && !(await versionsOf(LayerName, aws)).some(({ Version }) => Version === VersionNumber)) return notFound;
    const policy = answer?.Policy === undefined ? { statements: [] } : readPolicy(answer.Policy);
    // AddLayerVersionPermission appends its statement, so the order has no meaning.
    return { statements: policy?.statements.filter(isAboutEverybody).toSorted(bySid) ?? null };
  },

  plan(resource, { statements }) {
    if (statements === null)
      return {
        unfixable: 'The policy of the layer version cannot be parsed as JSON, so the access it grants is unknown.',
        code: 'state-unreadable',
      };
    const changes: Change[] = [];
    for (const statement of statements.filter(({ Effect, Condition }) => Effect === 'Allow' && !fixesCaller(Condition))) {
      const version = partsOf(resource);
      const permission = permissionFor(version, resource.arn, statement);
      // With a condition, it names an organization, but not in full.
      if (!permission || statement.Condition !== undefined) return unclear(statement);
      const taken = new RemoveLayerVersionPermissionCommand({ ...version, StatementId: permission.StatementId });
      changes.push({ do: taken, undo: new AddLayerVersionPermissionCommand(permission) });
    }
    return changes;
  },

  list: listLayerVersions,
});

const unclear = ({ Sid }: JsonObject): Unfixable => ({
  unfixable: `A public statement in the policy of the layer version (${JSON.stringify(Sid ?? null)}) is not as Lambda writes it for everyone, so that it could not be restored. Review it manually.`,
  code: 'condition-not-recognized',
});

const bySid = (one: JsonObject, other: JsonObject): number => (String(one.Sid) < String(other.Sid) ? -1 : 1);
