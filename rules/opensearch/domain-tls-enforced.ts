import { OpenSearchClient, type TLSSecurityPolicy, UpdateDomainConfigCommand } from '@aws-sdk/client-opensearch';
import * as z from 'zod';
import { parts } from '../detector-parameters';
import { defineRule, type Json, type MappedParameter, notFound } from '../rule';
import { describeDomain, domains, listDomains } from './domain/describe';
import { elasticsearchDomain } from './domain/elasticsearch';
import { domain } from './domain/resource';

/** The TLS policies, the weakest first. */
const policies = [
  'Policy-Min-TLS-1-0-2019-07',
  'Policy-Min-TLS-1-2-2019-07',
  'Policy-Min-TLS-1-2-PFS-2023-10',
  'Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08',
] as const satisfies readonly TLSSecurityPolicy[];

/** The only one that Security Hub accepts. */
const usual = 'Policy-Min-TLS-1-2-PFS-2023-10';

const parameters = z.strictObject({
  tlsPolicies: z
    .array(z.enum(policies))
    .min(1)
    .default([usual])
    .describe(
      'The TLS security policies that the detector accepts. A domain with a weaker one gets the default one, or else the strongest.',
    ),
});

type Parameters = z.infer<typeof parameters>;

const accepted: MappedParameter = {
  sets: 'tlsPolicies',
  read: (text) => [...parts(text)],
  strictest(one, other) {
    const both = (one as readonly Json[]).filter((policy) => (other as readonly Json[]).includes(policy));
    return both.length > 0 ? both : undefined;
  },
  exact: true,
  cuts: true,
};

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
  detectorParameters: {
    'Opensearch.8': { tlsPolicies: accepted },
    'opensearch-https-required': { tlsPolicies: accepted },
  },
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
  parameters,
  settle: 3600,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const found = await describeDomain(id, aws);
    if (!found) return notFound;
    const options = found.DomainEndpointOptions ?? {};
    return {
      enforced: options.EnforceHTTPS ?? false,
      policy: options.TLSSecurityPolicy ?? null,
      custom: options.CustomEndpointEnabled
        ? { endpoint: options.CustomEndpoint ?? '', certificate: options.CustomEndpointCertificateArn ?? null }
        : null,
      processing:
        !(options.EnforceHTTPS && rankOf(options.TLSSecurityPolicy) >= rankOf(usual)) &&
        Boolean(found.Processing || found.UpgradeProcessing),
    };
  },

  plan({ id }, state, { parameters: { tlsPolicies } }) {
    const { enforced, policy, processing } = state;
    const isAccepted = (tlsPolicies as readonly (string | null)[]).includes(policy ?? byDefault);
    if (enforced && isAccepted) return [];
    const chosen = chosenFrom(tlsPolicies);
    const isStricter = rankOf(policy) > rankOf(chosen);
    const expected = (isAccepted || isStricter) && policy !== null ? policy : chosen;
    if (enforced && isStricter)
      return {
        unfixable: `The domain has the TLS security policy ${policy}, and ${tlsPolicies.join(', ')} is accepted. That is stricter than asked, and the rule weakens nothing.`,
        code: 'stricter-than-asked',
      };
    if (!isAccepted && rankOf(policy) < 0)
      return {
        unfixable: `The domain has the TLS security policy ${policy}, which the rule does not know, and which may be stricter than ${expected}. Set the policy manually.`,
        code: 'tls-policy-unknown',
      };
    if (processing)
      return {
        blocked: 'A change or upgrade of the domain is in progress. It accepts changes again afterward.',
        code: 'being-modified',
      };
    return [{ do: endpoint(id, { ...state, enforced: true, policy: expected }), undo: endpoint(id, state) }];
  },

  list: (_, aws) => listDomains(aws, undefined),
});

/** That of a domain which names none. */
const byDefault = policies[0];

/** Negative for one that this rule does not know. */
const rankOf = (policy: TLSSecurityPolicy | null | undefined): number =>
  policies.indexOf((policy ?? byDefault) as (typeof policies)[number]);

const chosenFrom = (tlsPolicies: Parameters['tlsPolicies']): TLSSecurityPolicy =>
  tlsPolicies.includes(usual) ? usual : (policies.findLast((policy) => tlsPolicies.includes(policy)) ?? usual);

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
