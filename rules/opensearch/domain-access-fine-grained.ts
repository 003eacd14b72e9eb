import { IAMClient } from '@aws-sdk/client-iam';
import { type DomainStatus, OpenSearchClient, UpdateDomainConfigCommand } from '@aws-sdk/client-opensearch';
import * as z from 'zod';
import { namedRoleArn, namedRoleReading, servicesTrustedBy } from '../iam/named-role/read';
import { defineRule, notFound } from '../rule';
import { describeDomain, domains, listDomains } from './domain/describe';
import { domain } from './domain/resource';

const parameters = z.strictObject({
  masterRole: z
    .string()
    .regex(/^([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/)
    .describe(
      'The name of an IAM role in the account of the domain, with its path if it has one. It becomes the master user, the only one that can map other identities to domain roles. Make sure that somebody can assume it.',
    ),
  migrationPeriod: z
    .boolean()
    .default(true)
    .describe(
      'Whether everyone whom the access policy allows keeps full access for 30 days, time to map them to roles. If false, only the master user has access from the start.',
    ),
});

type State = {
  readonly fineGrained: boolean;
  /** The prerequisites that the domain lacks. */
  readonly missing: readonly string[];
  /** Whether a configuration change or an upgrade is in progress. */
  readonly processing: boolean;
};

export default defineRule({
  id: 'opensearch-domain-access-fine-grained',
  title: 'OpenSearch domains have fine-grained access control enabled',
  why: 'Without fine-grained access control, everyone whom the access policy allows can read, change and delete all data.',
  impact:
    'A blue/green deployment replaces the nodes, which takes minutes to hours and slows the domain down. After the 30-day migration period, clients without a domain role are denied: map their IAM roles before. It cannot be disabled again.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'never',
  resource: domain,
  property: 'AdvancedSecurityOptions',
  detectedBy: { securityHub: ['Opensearch.7'], config: ['opensearch-access-control-enabled'] },
  permissions: {
    inspect: [
      { actions: ['es:DescribeDomain'], on: domains },
      // IAM supports no resource-level permissions for it.
      { actions: ['es:ListDomainNames'], on: '*' },
      namedRoleReading,
    ],
    change: { actions: ['es:UpdateDomainConfig'], on: domains },
  },
  clients: [OpenSearchClient, IAMClient],
  commands: [UpdateDomainConfigCommand],
  parameters,
  settle: 6 * 3600,

  async inspect(resource, aws, given): Promise<State | typeof notFound> {
    const found = await describeDomain(resource.id, aws);
    if (!found) return notFound;
    const fineGrained = found.AdvancedSecurityOptions?.Enabled ?? false;
    const processing = Boolean(found.Processing || found.UpgradeProcessing);
    if (fineGrained) return { fineGrained, missing: [], processing: false };
    // AWS accepts the name of a role that doesn't exist, which leaves the domain without a master user.
    const masterless = given !== undefined && (await servicesTrustedBy(resource, given.masterRole, aws)) === undefined;
    const role = masterless ? [`an IAM role named ${given.masterRole}`] : [];
    return { fineGrained, missing: [...missingOf(found), ...role], processing };
  },

  plan(resource, { fineGrained, missing, processing }, { parameters: { masterRole, migrationPeriod } }) {
    if (fineGrained) return [];
    if (missing.length > 0)
      return { unfixable: `Fine-grained access control requires ${missing.join(', ')}. Provide this first.`, code: 'prerequisite-missing' };
    if (processing)
      return {
        blocked: 'A change or upgrade of the domain is in progress. It accepts changes again afterward.',
        code: 'being-modified',
      };
    const AdvancedSecurityOptions = {
      Enabled: true,
      InternalUserDatabaseEnabled: false,
      MasterUserOptions: { MasterUserARN: namedRoleArn(resource, masterRole) },
      ...(migrationPeriod && { AnonymousAuthEnabled: true }),
    };
    return [
      {
        do: new UpdateDomainConfigCommand({ DomainName: resource.id, AdvancedSecurityOptions }),
        irreversible: 'Fine-grained access control cannot be disabled again.',
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
    ...(NodeToNodeEncryptionOptions?.Enabled ? [] : ['node-to-node encryption']),
    ...(DomainEndpointOptions?.EnforceHTTPS ? [] : ['HTTPS for all requests']),
  ];
}
