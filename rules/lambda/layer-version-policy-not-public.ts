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
import { type Change, defineRule, notFound, type Obstacle } from '../rule';
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
  reversible: 'partly',
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
    const open = statements.filter(({ Effect, Condition }) => Effect === 'Allow' && !fixesCaller(Condition));
    const obstacle = open.map(obstacleTo).find((one) => one !== undefined);
    if (obstacle) return obstacle;
    const changes = open.map((statement): Change => {
      const StatementId = String(statement.Sid);
      const version = partsOf(resource);
      const permission = permissionFor(version, resource.arn, statement);
      const taken = new RemoveLayerVersionPermissionCommand({ ...version, StatementId });
      return permission
        ? { do: taken, undo: new AddLayerVersionPermissionCommand(permission) }
        : { do: taken, irreversible: 'AddLayerVersionPermission cannot recreate this statement.' };
    });
    return [...changes.filter((change) => !('irreversible' in change)), ...changes.filter((change) => 'irreversible' in change)];
  },

  list: listLayerVersions,
});

/** Why a public statement can't be removed safely; undefined if it can. */
function obstacleTo({ Sid, Condition }: JsonObject): Obstacle | undefined {
  if (Condition !== undefined)
    return {
      unfixable: `A statement in the policy of the layer version (${JSON.stringify(Sid ?? null)}) is public: its condition names no organization, or not in full. Name the organization in it.`,
      code: 'condition-not-recognized',
    };
  if (!/^[\w-]{1,100}$/.test(String(Sid ?? '')))
    return {
      unfixable: 'A public statement in the policy of the layer version has no statement ID by which Lambda could remove it.',
      code: 'statement-without-id',
    };
  return undefined;
}

const bySid = (one: JsonObject, other: JsonObject): number => (String(one.Sid) < String(other.Sid) ? -1 : 1);
