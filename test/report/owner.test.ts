import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { loadRules } from '../../functions/catalogue/catalogue';
import { hours } from '../../functions/duration';
import { makeReport, type ReportQuestion } from '../../functions/report/make-report';
import type { Rule } from '../../rules/rule';
import versioning from '../../rules/s3/bucket-versioning-enabled';
import { securityHubImported } from '../events/security-hub';
import { badBucket } from '../guardrails/bucket';
import { type Central, unbounded, useCentral } from '../guardrails/central';

const { open } = useCentral();
const tracker = { vendor: 'jira-cloud', url: 'https://acme.atlassian.net', project: 'SEC', secret: 'posture/jira' };

/** Buckets with these owner tags, which were observed. */
async function reported(policy: object, ...owners: readonly (string | undefined)[]) {
  const central = await open({ rules: [versioning as unknown as Rule] });
  await central.deploy({ ...unbounded, modes: { default: 'observe' }, ...policy });
  const buckets: string[] = [];
  for (const owner of owners) {
    const bucket = await badBucket(central.account, owner === undefined ? {} : { owner });
    const resource = { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` };
    const { account, region } = central.account;
    const firstObservedAt = central.clock.now().toISOString();
    const { results } = await central.send(
      securityHubImported({ control: 'S3.14', resource, account, region, firstObservedAt }, { account }),
    );
    expect(results).toMatchObject([{ outcome: 'observed' }]);
    buckets.push(bucket);
  }
  return { central, buckets };
}

async function reportOf({ account, clock }: Central, question: Partial<ReportQuestion> = {}) {
  const now = clock.now();
  const span = { since: now.getTime() - hours(24), until: now.getTime() };
  const source = {
    dynamo: account.client(DynamoDBClient),
    table: 'posture-log',
    log: 'arn',
    rules: loadRules().map(({ rule }) => rule),
    now,
    version: '1',
  };
  const { numbers, scope } = await makeReport({ span, ...question }, source);
  const resources = numbers.misconfigurations.map(({ last }) => last.resource.replace('arn:aws:s3:::', ''));
  return { owners: numbers.byOwner.map(({ key, found }) => `${key} ${found}`), resources: resources.toSorted(), scope };
}

describe('the owner of a resource', () => {
  it('is that of its tag, in the log and in reports, which can be about one', async () => {
    const { central, buckets } = await reported({}, 'web-team', 'data', undefined);
    expect(await reportOf(central)).toMatchObject({ owners: ['data 1', 'web-team 1'], resources: buckets.toSorted() });
    const own = await reportOf(central, { owner: 'web-team' });
    expect(own).toEqual({ owners: ['web-team 1'], resources: [buckets[0]], scope: 'all accounts, owner web-team' });
  });

  it('is whom the policy names for tickets of the account, where no tag of that key says it', async () => {
    const { central } = await reported({}, undefined);
    const { account, region } = central.account;
    const owners = { accounts: { [account]: 'platform' } };
    await central.deploy({ ...unbounded, modes: { default: 'fix' }, tickets: { tracker, owners }, notifications: { ownerTag: 'team' } });
    const bucket = await badBucket(central.account, { owner: 'ignored' });
    const resource = { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` };
    const { results } = await central.send(securityHubImported({ control: 'S3.14', resource, account, region }, { account }));
    expect((await central.trail(results[0]?.remediation ?? '')).find(({ kind }) => kind === 'planned')).toMatchObject({
      owner: 'platform',
    });
    expect(await reportOf(central, { owner: 'platform' })).toMatchObject({ resources: [bucket] });
  });

  it('has to be one that the log names: the message says which', async () => {
    const { central } = await reported({}, 'web-team', 'data');
    await expect(reportOf(central, { owner: 'Web-Team' })).rejects.toThrow(
      'The log of this period and these accounts names no owner "Web-Team". It names "data", "web-team".',
    );
  });

  it('can be no trap: what is unprintable is removed, and nobody may be named', async () => {
    const { central } = await reported({}, 'web\u{202e}-team');
    expect(await reportOf(central)).toMatchObject({ owners: ['web-team 1'] });
    const { central: none } = await reported({}, undefined);
    await expect(reportOf(none, { owner: 'x' })).rejects.toThrow('names no owner "x". It names none.');
  });
});
