import {
  CreateDomainCommand,
  DescribeDomainCommand,
  type DomainEndpointOptions,
  type DomainStatus,
  type TLSSecurityPolicy as PolicyName,
} from '@aws-sdk/client-opensearch';
import { isChanges } from '../../../functions/plan/change';
import rule from '../../../rules/opensearch/domain-tls-enforced';
import { type Aws, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

const TLSSecurityPolicy = 'Policy-Min-TLS-1-2-PFS-2023-10';
const stricter = 'Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08';
const custom = {
  CustomEndpointEnabled: true,
  CustomEndpoint: 'search.example.com',
  CustomEndpointCertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/1',
};

describeRule(rule, {
  violations: {
    'a domain that takes plain HTTP': {
      seed: domainWith({ EnforceHTTPS: false, TLSSecurityPolicy }),
      configId: async ({ account }, id) => `${account}/${id}`,
      fixed: async (world, id) => expect(await optionsOf(world, id)).toMatchObject({ EnforceHTTPS: true, TLSSecurityPolicy }),
    },
    'a domain with old ciphers, whose finding states the policy that Security Hub accepts': {
      seed: domainWith({ EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-0-2019-07' }),
      detectedBy: 'Opensearch.8',
      found: { tlsPolicies: TLSSecurityPolicy },
      fixed: async (world, id) => expect(await optionsOf(world, id)).toMatchObject({ EnforceHTTPS: true, TLSSecurityPolicy }),
    },
    'a domain of Elasticsearch that takes old ciphers, under a name of its own': {
      seed: domainWith({ EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07', ...custom }, 'Elasticsearch_7.10'),
      detectedBy: 'ES.8',
      fixed: async (world, id) => expect(await optionsOf(world, id)).toMatchObject({ EnforceHTTPS: true, TLSSecurityPolicy, ...custom }),
    },
    'a domain whose detector accepts another policy alone': {
      seed: domainWith({ EnforceHTTPS: true, TLSSecurityPolicy }),
      detectedBy: 'opensearch-https-required',
      found: { tlsPolicies: stricter },
      fixed: async (world, id) => expect(await optionsOf(world, id)).toMatchObject({ EnforceHTTPS: true, TLSSecurityPolicy: stricter }),
    },
  },
  compliant: {
    'a domain that takes nothing but TLS 1.2': { seed: domainWith({ EnforceHTTPS: true, TLSSecurityPolicy }) },
    'a domain with a stricter policy, which the detector accepts': {
      seed: domainWith({ EnforceHTTPS: true, TLSSecurityPolicy: stricter }),
      detectedBy: 'opensearch-https-required',
      found: { tlsPolicies: `${TLSSecurityPolicy},${stricter}` },
    },
  },
  obstacles: {
    'a domain with a stricter policy than AWS accepts': {
      seed: domainWith({ EnforceHTTPS: true, TLSSecurityPolicy: stricter }),
      outcome: 'unfixable',
      reason: /stricter than asked/,
    },
  },
  missing: 'no-such-domain',
});

const search = {
  type: 'AWS::OpenSearch::Domain',
  id: 'search',
  arn: 'arn:aws:es:eu-west-1:111122223333:domain/search',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};

async function planFor(status: Partial<DomainStatus>) {
  const aws: Aws = { send: async <Output>() => ({ DomainStatus: status }) as Output };
  const state = await rule.inspect(search, aws);
  if (state === notFound) return notFound;
  const plan = rule.plan(search, state, { parameters: { tlsPolicies: [TLSSecurityPolicy] }, detectedBy: 'Opensearch.8', now: new Date(0) });
  return isChanges(plan)
    ? plan.map((change) => [change.do.input, 'undo' in change && change.undo !== 'revert-own-part' && change.undo.input])
    : plan;
}

describe('the plan', () => {
  const options = (more: DomainEndpointOptions) => ({ DomainName: 'search', DomainEndpointOptions: more });

  it('puts a domain right of which nothing is said', async () => {
    expect(await planFor({})).toEqual([[options({ EnforceHTTPS: true, TLSSecurityPolicy }), options({ EnforceHTTPS: false })]]);
  });

  it('repeats a name without a certificate', async () => {
    const { CustomEndpointCertificateArn: _, ...named } = custom;
    expect(await planFor({ DomainEndpointOptions: named })).toEqual([
      [options({ EnforceHTTPS: true, TLSSecurityPolicy, ...named }), options({ EnforceHTTPS: false, ...named })],
    ]);
  });

  it.each(['Policy-Min-TLS-1-0-2019-07', 'Policy-Min-TLS-1-2-2019-07'] as PolicyName[])('replaces %s', async (policy) => {
    const old = { EnforceHTTPS: true, TLSSecurityPolicy: policy };
    expect(await planFor({ DomainEndpointOptions: old })).toEqual([[options({ ...old, TLSSecurityPolicy }), options(old)]]);
  });

  it('requires HTTPS of a domain with a stricter policy than asked, and keeps that', async () => {
    const open = { EnforceHTTPS: false, TLSSecurityPolicy: stricter } as const;
    expect(await planFor({ DomainEndpointOptions: open })).toEqual([[options({ ...open, EnforceHTTPS: true }), options(open)]]);
  });

  it('leaves a policy that it does not know, which may be stricter', () => {
    const state = { enforced: true, policy: 'Policy-Min-TLS-1-4-2030-01' as PolicyName, custom: null, processing: false };
    const context = { detectedBy: 'Opensearch.8', now: new Date(0) };
    const plan = rule.plan(search, state, { ...context, parameters: { tlsPolicies: [TLSSecurityPolicy] } });
    expect(plan).toMatchObject({ code: 'tls-policy-unknown' });
  });

  it.each(['Processing', 'UpgradeProcessing'])('waits while AWS is at work: %s', async (sort) => {
    expect(await planFor({ [sort]: true })).toEqual({
      blocked: expect.stringContaining('in progress'),
      code: 'being-modified',
    });
  });

  it('has nothing to wait for where all is well', async () => {
    expect(await planFor({ Processing: true, DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy } })).toEqual([]);
  });
});

function domainWith(DomainEndpointOptions: DomainEndpointOptions, EngineVersion = 'OpenSearch_2.11') {
  return async (world: World): Promise<string> => {
    const DomainName = `domain-${Math.random().toString(36).slice(2)}`;
    await world.send(new CreateDomainCommand({ DomainName, EngineVersion, DomainEndpointOptions }));
    return DomainName;
  };
}

async function optionsOf(world: World, DomainName: string): Promise<DomainEndpointOptions | undefined> {
  const { DomainStatus } = await world.send(new DescribeDomainCommand({ DomainName }));
  return DomainStatus?.DomainEndpointOptions;
}
