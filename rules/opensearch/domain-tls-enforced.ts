import {
  type DomainEndpointOptions,
  OpenSearchClient,
  type TLSSecurityPolicy,
  UpdateDomainConfigCommand,
} from '@aws-sdk/client-opensearch';
import { defineRule, notFound } from '../rule';
import { describeDomain, domains, listDomains } from './domain/describe';
import { elasticsearchDomain } from './domain/elasticsearch';
import { domain } from './domain/resource';

/** The policies that Security Hub accepts, and stricter ones; the rule sets the first. */
const strong: readonly string[] = [
  'Policy-Min-TLS-1-2-PFS-2023-10',
  'Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08',
] satisfies TLSSecurityPolicy[];

type State = {
  readonly enforced: boolean;
  readonly policy: TLSSecurityPolicy | null;
  /** The custom endpoint and its certificate, which an update has to repeat. */
  readonly custom: { readonly endpoint: string; readonly certificate: string | null } | null;
  /** Whether a configuration change or an upgrade is in progress. */
  readonly processing: boolean;
};

export default defineRule({
  id: 'opensearch-domain-tls-enforced',
  title: 'OpenSearch and Elasticsearch domains require HTTPS with TLS 1.2 and forward secrecy',
  why: 'Traffic over plain HTTP, or with old ciphers, can be read and changed in transit.',
  impact: 'Clients that use plain HTTP, TLS below 1.2 or ciphers without forward secrecy can no longer connect.',
  severity: 'medium',
  risk: 'disruptive',
  resource: [domain, elasticsearchDomain],
  property: 'DomainEndpointOptions',
  detectedBy: { securityHub: ['Opensearch.8', 'ES.8'], config: ['opensearch-https-required', 'elasticsearch-https-required'] },
  permissions: {
    inspect: [
      { actions: ['es:DescribeDomain'], on: domains },
      // IAM supports no resource-level permissions for it.
      { actions: ['es:ListDomainNames'], on: '*' },
    ],
    change: { actions: ['es:UpdateDomainConfig'], on: domains },
  },
  clients: [OpenSearchClient],
  commands: [UpdateDomainConfigCommand],
  settle: 3600,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const found = await describeDomain(id, aws);
    if (!found) return notFound;
    const options = found.DomainEndpointOptions ?? {};
    const settled = isStrong(options);
    return {
      enforced: options.EnforceHTTPS ?? false,
      policy: options.TLSSecurityPolicy ?? null,
      custom: options.CustomEndpointEnabled
        ? { endpoint: options.CustomEndpoint ?? '', certificate: options.CustomEndpointCertificateArn ?? null }
        : null,
      processing: !settled && Boolean(found.Processing || found.UpgradeProcessing),
    };
  },

  plan({ id }, state) {
    const { policy, processing } = state;
    if (isStrong({ EnforceHTTPS: state.enforced, ...(policy !== null && { TLSSecurityPolicy: policy }) })) return [];
    if (processing)
      return {
        blocked: 'A change or upgrade of the domain is in progress. It accepts changes again afterward.',
        code: 'being-modified',
      };
    const expected = policy !== null && strong.includes(policy) ? policy : (strong[0] as TLSSecurityPolicy);
    return [{ do: endpoint(id, { ...state, enforced: true, policy: expected }), undo: endpoint(id, state) }];
  },

  list: (_, aws) => listDomains(aws, undefined),
});

const isStrong = ({ EnforceHTTPS, TLSSecurityPolicy: policy = 'Policy-Min-TLS-1-0-2019-07' }: DomainEndpointOptions): boolean =>
  EnforceHTTPS === true && strong.includes(policy);

const endpoint = (DomainName: string, { enforced, policy, custom }: Omit<State, 'processing'>) =>
  new UpdateDomainConfigCommand({
    DomainName,
    DomainEndpointOptions: {
      EnforceHTTPS: enforced,
      ...(policy !== null && { TLSSecurityPolicy: policy }),
      ...(custom && {
        CustomEndpointEnabled: true,
        CustomEndpoint: custom.endpoint,
        ...(custom.certificate !== null && { CustomEndpointCertificateArn: custom.certificate }),
      }),
    },
  });
