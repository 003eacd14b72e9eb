import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { BatchImportFindingsCommand, EnableSecurityHubCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import * as z from 'zod';
import { containing } from '../../functions/coordination/containment';
import { publishedOutcomes } from '../../functions/log/published-outcomes';
import { hasToKnow } from '../../functions/outcomes/to-know';
import type { Change, Plan, Rule } from '../../rules/rule';
import { configComplianceChange } from '../events/config';
import { badBucket, spoil } from './bucket';
import { approvers, type Central, plantedRule, useCentral } from './central';

const { open } = useCentral();
const policy = {
  modes: { default: 'fix' },
  ownership: { lastChange: false },
  approvals: { approvers, fourEyes: false },
  rollbacks: { exemptDays: 0 },
  driftLoops: { fixes: 100 },
  breaker: { failures: 100, rollbacks: 100 },
};

const rules = {
  blocked: planning('blocked', { blocked: 'Its deletion is protected.', code: 'being-modified' }),
  unfixable: planning('unfixable', { unfixable: 'It can only be made anew.', code: 'not-supported' }),
  parametric: { ...plantedRule, id: 's3-bucket-parametric', parameters: z.strictObject({ days: z.int() }) as never },
  slow: { ...plantedRule, id: 's3-bucket-slow', settle: 1800, inspect: never },
  unproven: { ...plantedRule, id: 's3-bucket-unproven', inspect: never },
  final: {
    ...plantedRule,
    id: 's3-bucket-final',
    plan: (...given) => {
      const plan = plantedRule.plan(...given);
      const isFinal = ({ do: command }: Change) => command.constructor.name === 'PutBucketVersioningCommand';
      return Array.isArray(plan) ? plan.map((change) => (isFinal(change) ? { do: change.do, irreversible: 'it stays' } : change)) : plan;
    },
  },
} satisfies Readonly<Record<string, Rule>>;

function planning(name: string, plan: Plan): Rule {
  return { ...plantedRule, id: `s3-bucket-${name}`, plan: () => plan };
}

async function never(...given: Parameters<Rule['inspect']>) {
  return { ...((await plantedRule.inspect(...given)) as object), versioned: false };
}

/** The codes of all outcomes that have one here. */
const codes = {
  blocked: ['being-modified'],
  unfixable: ['not-supported'],
  incomplete: ['access-denied'],
  'not-configured': ['missing-parameter'],
  'approval-refused': ['not-an-approver'],
  'rollback-refused': ['changed-since'],
};

/** A bucket that is fixed, and of which the detector then says this, having looked a day later. */
async function hear(central: Central, Status: 'PASSED' | 'FAILED'): Promise<string> {
  const { account } = central;
  const bucket = await badBucket(account);
  const event = central.finding(bucket);
  await central.send(event);
  const observed = new Date(central.clock.now().getTime() + 86_400_000).toISOString();
  central.emulator.gateway.securityHub.seed(account, {
    ...event.detail.findings[0],
    ProductFields: {},
    Compliance: { ...event.detail.findings[0]?.Compliance, Status },
    Workflow: { Status: 'NOTIFIED' },
    LastObservedAt: observed,
  } as never);
  for (let visits = 0; visits < 30 && (await central.looks()).length > 0; visits += 1) await central.hear();
  return bucket;
}

/** A bucket whose detector disagrees, and that is then reported by another one. */
async function disagree(central: Central): Promise<void> {
  const resourceId = await hear(central, 'FAILED');
  const { account } = central.account;
  await central.send(configComplianceChange({ rule: 'bucket-well-kept', resourceType: 'AWS::S3::Bucket', resourceId, account }));
}

/** A containment by that remediation whose review is due. */
async function contain({ account: { account, region, client } }: Central, remediation: string): Promise<void> {
  const resource = 'arn:aws:s3:::contained';
  const since = '2026-11-01T00:00:00.000Z';
  const containment = { rule: plantedRule.id, remediation, resource, account, region, finding: 'f', detectedBy: 'c', since, review: since };
  await client(DynamoDBClient).send(new UpdateItemCommand(containing('posture-coordination', resource, containment)));
}

/** How each outcome comes about, by the real handlers. */
it('every outcome is published on the bus, by an event that is valid, and with a code where something is refused or can not be fixed', async () => {
  const central = await open({ rules: [plantedRule, ...Object.values(rules)] });
  const { account } = central;
  const s3 = account.client(S3Client);
  const find = async (rule: Rule = plantedRule, bucket?: string) => {
    const { results } = await central.send(central.finding(bucket ?? (await badBucket(account))), rule);
    return results[0]?.remediation ?? '';
  };
  const why = 'for the test';
  await central.deploy(policy);
  await central.order({ order: 'stop', why });
  const held = central.finding(await badBucket(account));
  await central.send(held);
  await central.order({ order: 'resume', why });
  await account.client(SecurityHubClient).send(new EnableSecurityHubCommand({}));
  const suppressed = { ...held.detail.findings[0], Workflow: { Status: 'SUPPRESSED' } };
  await account.client(SecurityHubClient).send(new BatchImportFindingsCommand({ Findings: [suppressed] as never }));
  await central.comeBack();

  for (const rule of Object.values(rules)) await find(rule);

  const bucket = await badBucket(account);
  const fixed = await find(plantedRule, bucket);
  await find(plantedRule, bucket);
  await spoil(account, bucket, 'access');
  for (const _ of [1, 2]) {
    await central.order({ order: 'rollback', remediation: fixed, why });
    await central.delivered();
  }
  const away = await badBucket(account);
  await s3.send(new DeleteBucketCommand({ Bucket: away }));
  await find(plantedRule, away);
  const broken = await find();
  central.emulator.gateway.fail({ operation: 'DeletePublicAccessBlock', account: account.account, as: 'access-denied', times: 1 });
  await central.order({ order: 'rollback', remediation: broken, why });
  await central.delivered();
  const back = await find();
  await central.order({ order: 'rollback', remediation: back, why });
  await central.delivered();
  central.emulator.gateway.fail({ operation: 'PutBucketVersioning', account: account.account, as: 'access-denied', times: 1 });
  await find();
  const halfDone = await badBucket(account);
  for (const operation of ['PutBucketVersioning', 'DeleteBucketOwnershipControls'])
    central.emulator.gateway.fail({ operation, account: account.account, as: 'access-denied', times: 1 });
  await find(plantedRule, halfDone);
  await find(plantedRule, await badBucket(account, { 'posture:exempt': 'all until 2027-01-31' }));

  await central.deploy({ ...policy, modes: { default: 'ask' }, rollbacks: { exemptDays: 9 } });
  const [approved, rejected] = [await find(), await find()];
  await central.order({ order: 'approve', remediation: approved }, 'arn:aws:iam::111122223333:user/mallory');
  await central.order({ order: 'approve', remediation: approved });
  await central.delivered();
  await central.order({ order: 'reject', remediation: rejected, why }, 'arn:aws:iam::111122223333:user/mallory');
  await central.order({ order: 'reject', remediation: rejected, why });
  await central.order({ order: 'release', remediation: rejected, why });
  for (const mode of ['observe', 'off']) {
    await central.deploy({ ...policy, modes: { default: mode } });
    await find();
  }
  await central.deploy({ ...policy, driftLoops: { fixes: 1 } });
  await find(plantedRule, bucket);
  await central.deploy({ ...policy, breaker: { failures: 1 } });
  central.emulator.gateway.fail({ operation: 'PutBucketVersioning', account: account.account, as: 'access-denied', times: 1 });
  await find();
  await find();
  await central.order({ order: 'close-breaker', rule: plantedRule.id, why });

  await central.deploy(policy);
  const outcomes = () => central.told().map(({ outcome }) => outcome);
  for (let visits = 0; visits < 20 && !outcomes().includes('resource-not-found'); visits += 1) await central.comeBack();
  await hear(central, 'PASSED');
  await disagree(central);
  await contain(central, fixed);
  await central.control({ source: 'aws.events', 'detail-type': 'Scheduled Event' }, 'hourly');

  const told = new Set(outcomes());
  expect(publishedOutcomes.filter((outcome) => !told.has(outcome))).toEqual([]);
  for (const event of central.told().filter(hasToKnow)) expect(event.reason).not.toBe('');
  const codesOf = (name: string) => [...new Set(central.told().flatMap(({ outcome, code = 'none' }) => (outcome === name ? [code] : [])))];
  for (const [outcome, expected] of Object.entries(codes)) expect([outcome, codesOf(outcome)]).toEqual([outcome, expected]);
});
