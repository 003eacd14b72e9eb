import { APIGatewayClient, GetStageCommand, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { undefinedOn } from '../absence';
import { defineRule, notFound } from '../rule';
import { listRestStages, restListing } from './stage/list';
import { methodSettings } from './stage/method-setting';
import { apiOf, restStage, restStages, unknown } from './stage/resource';

/** `plain`: the methods whose responses are cached without encryption. `cache`: the status of the cache while it is being changed. */
type State = { readonly plain: readonly string[]; readonly cache?: string };

export default defineRule({
  id: 'apigateway-stage-cache-encrypted',
  title: 'API Gateway REST API caches are encrypted',
  why: 'Cached responses contain the data that clients requested, readable in plain text by anyone with access to the cache.',
  impact: 'Currently cached responses are fetched again once. Encryption has no cost.',
  severity: 'medium',
  risk: 'safe',
  resource: restStage,
  property: 'MethodSettings.CacheDataEncrypted',
  detectedBy: { securityHub: ['APIGateway.5'], config: ['api-gw-cache-encrypted'] },
  permissions: {
    inspect: [{ actions: ['apigateway:GET'], on: restStages }, restListing],
    change: { actions: ['apigateway:PATCH'], on: restStages },
  },
  clients: [APIGatewayClient],
  commands: [UpdateStageCommand],

  async inspect(stage, aws): Promise<State | typeof notFound> {
    const found = await undefinedOn(unknown, aws.send(new GetStageCommand({ restApiId: apiOf(stage), stageName: stage.id })));
    if (!found) return notFound;
    const plain = Object.entries(found.methodSettings ?? {}).flatMap(([key, { cachingEnabled, cacheDataEncrypted }]) =>
      cachingEnabled && !cacheDataEncrypted ? key : [],
    );
    const { cacheClusterStatus: cache = '' } = found;
    return { plain: plain.sort(), ...(plain.length > 0 && /_IN_PROGRESS$/.test(cache) && { cache }) };
  },

  plan(stage, { plain, cache }) {
    if (plain.length === 0) return [];
    if (cache !== undefined) return { blocked: `The cache of the stage is being modified (${cache}).`, code: 'being-modified' };
    const encryption = (value: 'true' | 'false') =>
      methodSettings(
        stage,
        'caching/dataEncrypted',
        plain.map((key) => ({ key, value })),
      );
    return [{ do: encryption('true'), undo: encryption('false') }];
  },

  list: listRestStages,
});
