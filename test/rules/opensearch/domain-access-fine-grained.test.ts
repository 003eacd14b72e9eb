import { CreateDomainCommand, type CreateDomainCommandInput, type DomainStatus } from '@aws-sdk/client-opensearch';
import { isChanges } from '../../../functions/plan/change';
import rule from '../../../rules/opensearch/domain-access-fine-grained';
import { type Aws, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { besideRole } from '../iam/named-role/seed';

const besideMaster = (seed: (world: World) => Promise<string>) => besideRole('search/admin', 'ec2.amazonaws.com', seed);

const ready: Partial<CreateDomainCommandInput> = {
  EngineVersion: 'OpenSearch_2.11',
  EncryptionAtRestOptions: { Enabled: true },
  NodeToNodeEncryptionOptions: { Enabled: true },
  DomainEndpointOptions: { EnforceHTTPS: true },
};

describeRule(rule, {
  parameters: { masterRole: 'search/admin' },
  violations: {
    'a domain that tells nobody apart': {
      seed: besideMaster(domainWith(ready)),
      outcome: 'awaiting-approval',
      configId: async ({ account }, id) => `${account}/${id}`,
    },
    'a domain of an old version, by its name': {
      seed: besideMaster(domainWith({ ...ready, EngineVersion: 'Elasticsearch_6.7' })),
      outcome: 'awaiting-approval',
      configId: async (_, id) => id,
    },
  },
  compliant: {
    'a domain that tells its users apart': { seed: domainWith({ ...ready, AdvancedSecurityOptions: { Enabled: true } }) },
  },
  obstacles: {
    'a domain whose owner names no master': { seed: domainWith(ready), parameters: { masterRole: null }, outcome: 'not-configured' },
    'a domain that is not encrypted': {
      seed: besideMaster(domainWith({ EngineVersion: 'OpenSearch_2.11' })),
      outcome: 'unfixable',
      reason: /requires encryption at rest, node-to-node encryption, HTTPS for all requests\. Provide this first/,
    },
    'a master who is not there': {
      seed: domainWith(ready),
      outcome: 'unfixable',
      reason: /requires an IAM role named search\/admin\. Provide this first/,
    },
    'a domain that is too old': {
      seed: besideMaster(domainWith({ ...ready, EngineVersion: 'Elasticsearch_6.5' })),
      outcome: 'unfixable',
      reason: /requires Elasticsearch 6.7 or later\./,
    },
  },
  missing: 'no-such-domain',
});

const search = {
  type: 'AWS::OpenSearch::Domain',
  id: 'search',
  arn: 'arn:aws-cn:es:cn-north-1:111122223333:domain/search',
  partition: 'aws-cn',
  account: '111122223333',
  region: 'cn-north-1',
};

async function planFor(status: Partial<DomainStatus>, given: object = {}) {
  const aws: Aws = { send: async <Output>() => ({ DomainStatus: { ...ready, ...status } }) as Output };
  const state = await rule.inspect(search, aws);
  if (state === notFound) return notFound;
  const parameters = rule.parameters?.parse({ masterRole: 'admin', ...given }) as never;
  const plan = rule.plan(search, state, { parameters, detectedBy: 'Opensearch.7', now: new Date(0) });
  return isChanges(plan) ? plan.map(({ do: { input } }) => input) : plan;
}

describe('the plan', () => {
  const master = { MasterUserARN: 'arn:aws-cn:iam::111122223333:role/admin' };
  const options = { Enabled: true, InternalUserDatabaseEnabled: false, MasterUserOptions: master };

  it('leaves those who are let in a month to get roles', async () => {
    expect(await planFor({})).toEqual([{ DomainName: 'search', AdvancedSecurityOptions: { ...options, AnonymousAuthEnabled: true } }]);
  });

  it('leaves them none where the owner wants it so', async () => {
    expect(await planFor({}, { migrationPeriod: false })).toEqual([{ DomainName: 'search', AdvancedSecurityOptions: options }]);
  });

  it.each([['Processing'], ['UpgradeProcessing']])('waits while AWS is at work: %s', async (sort) => {
    expect(await planFor({ [sort]: true })).toEqual({
      blocked: expect.stringContaining('in progress'),
      code: 'being-modified',
    });
  });

  it.each(['Elasticsearch_5.6', 'Elasticsearch_6.6', 'Elasticsearch_2.3'])('can do nothing for %s', async (EngineVersion) => {
    expect(await planFor({ EngineVersion })).toEqual({
      unfixable: expect.stringContaining('6.7 or later'),
      code: 'prerequisite-missing',
    });
  });

  it.each(['Elasticsearch_6.8', 'Elasticsearch_7.1', 'OpenSearch_1.0'])('is the same for %s', async (EngineVersion) => {
    expect(await planFor({ EngineVersion })).toHaveLength(1);
  });

  it('is for no domain that is being deleted', async () => {
    expect(await planFor({ Deleted: true })).toBe(notFound);
  });
});

function domainWith(input: Partial<CreateDomainCommandInput>) {
  return async (world: World): Promise<string> => {
    const DomainName = `domain-${Math.random().toString(36).slice(2)}`;
    await world.send(new CreateDomainCommand({ DomainName, ...input }));
    return DomainName;
  };
}
