import { IAMClient } from '@aws-sdk/client-iam';
import { type DomainStatus, OpenSearchClient, UpdateDomainConfigCommand } from '@aws-sdk/client-opensearch';
import * as z from 'zod';
import { namedRoleArn, namedRoleReading, servicesTrustedBy } from '../iam/named-role/read';
import { defineRule, gone } from '../rule';
import { describeDomain, domains, listDomains } from './domain/describe';
import { domain } from './domain/resource';

const parameters = z.strictObject({
  masterRole: z
    .string()
    .regex(/^([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/)
    .describe(
      'The name of a role in the account of the domain, with its path if it has one. It becomes the master user, who alone can give roles of the domain to others: see that somebody can take it on.',
    ),
  migrationPeriod: z
    .boolean()
    .default(true)
    .describe(
      'Whether everybody whom the access policy lets in keeps all rights for 30 days, time to give roles to them. If false, only the master user can do anything from the first moment.',
    ),
});

type State = {
  readonly fineGrained: boolean;
  /** What the domain has to have before. */
  readonly missing: readonly string[];
  /** Whether AWS is at work on it. */
  readonly processing: boolean;
};

export default defineRule({
  id: 'opensearch-domain-access-fine-grained',
  title: 'OpenSearch domains tell by role who may read and write which indexes',
  why: 'Without fine-grained access control, whoever the access policy lets in can read, change and delete everything.',
  impact:
    'AWS builds the nodes anew (blue/green), which takes from minutes to hours and makes the domain slower. After the migration period of 30 days, clients without a role of the domain are refused: map their IAM roles before. It can not be turned off again.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'never',
  resource: domain,
  property: 'AdvancedSecurityOptions',
  detectedBy: { securityHub: ['Opensearch.7'], config: ['opensearch-access-control-enabled'] },
  permissions: {
    inspect: [
      { actions: ['es:DescribeDomain'], on: domains },
      // IAM offers no resource-level permission for it.
      { actions: ['es:ListDomainNames'], on: '*' },
      namedRoleReading,
    ],
    change: { actions: ['es:UpdateDomainConfig'], on: domains },
  },
  clients: [OpenSearchClient, IAMClient],
  commands: [UpdateDomainConfigCommand],
  parameters,
  settle: 6 * 3600,

  async inspect(resource, aws, given): Promise<State | typeof gone> {
    const found = await describeDomain(resource.id, aws);
    if (!found) return gone;
    const fineGrained = found.AdvancedSecurityOptions?.Enabled ?? false;
    const processing = Boolean(found.Processing || found.UpgradeProcessing);
    if (fineGrained) return { fineGrained, missing: [], processing: false };
    // AWS takes the name of a role that is not there, and then nobody is the master.
    const masterless = given !== undefined && (await servicesTrustedBy(resource, given.masterRole, aws)) === undefined;
    const role = masterless ? [`a role ${given.masterRole}`] : [];
    return { fineGrained, missing: [...missingOf(found), ...role], processing };
  },

  plan(resource, { fineGrained, missing, processing }, { parameters: { masterRole, migrationPeriod } }) {
    if (fineGrained) return [];
    if (missing.length > 0) return { unfixable: `Fine-grained access control also needs ${missing.join(', ')}. See to that first.` };
    if (processing) return { blocked: 'AWS is at work on the domain, and takes changes when that is done.' };
    const AdvancedSecurityOptions = {
      Enabled: true,
      InternalUserDatabaseEnabled: false,
      MasterUserOptions: { MasterUserARN: namedRoleArn(resource, masterRole) },
      ...(migrationPeriod && { AnonymousAuthEnabled: true }),
    };
    return [
      {
        do: new UpdateDomainConfigCommand({ DomainName: resource.id, AdvancedSecurityOptions }),
        irreversible: 'Fine-grained access control can not be turned off again.',
      },
    ];
  },

  list: (_, aws) => listDomains(aws, 'OpenSearch'),
});

function missingOf({
  EngineVersion = '',
  NodeToNodeEncryptionOptions,
  EncryptionAtRestOptions,
  DomainEndpointOptions,
}: DomainStatus): readonly string[] {
  const [, major = 0, minor = 0] = /^Elasticsearch_(\d+)\.(\d+)/.exec(EngineVersion)?.map(Number) ?? [];
  const old = EngineVersion.startsWith('Elasticsearch_') && (major < 6 || (major === 6 && minor < 7));
  return [
    ...(old ? ['Elasticsearch 6.7 or later'] : []),
    ...(EncryptionAtRestOptions?.Enabled ? [] : ['encryption at rest']),
    ...(NodeToNodeEncryptionOptions?.Enabled ? [] : ['encryption between nodes']),
    ...(DomainEndpointOptions?.EnforceHTTPS ? [] : ['HTTPS for all requests']),
  ];
}
