import { DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { BatchImportFindingsCommand, EnableSecurityHubCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import * as z from 'zod';
import { hasToKnow } from '../../functions/notify/to-know';
import { toldOutcomes } from '../../functions/outcomes/outcome-schema';
import type { Change, Plan, Rule } from '../../rules/rule';
import { badBucket, spoil } from './bucket';
import { approvers, plantedRule, useHub } from './central';

const { open } = useHub();
const policy = {
  modes: { default: 'fix' },
  ownership: { lastChange: false },
  approvals: { approvers, fourEyes: false },
  rollbacks: { exemptDays: 0 },
  fights: { fixes: 100 },
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

/** How each outcome comes about, by the real handlers. */
it('every outcome is told on the bus, by an event that fits the schema', async () => {
  const hub = await open({ rules: [plantedRule, ...Object.values(rules)] });
  const { account } = hub;
  const s3 = account.client(S3Client);
  const find = async (rule: Rule = plantedRule, bucket?: string) => {
    const { endings } = await hub.send(hub.finding(bucket ?? (await badBucket(account))), rule);
    return endings[0]?.remediation ?? '';
  };
  const why = 'for the test';
  await hub.deploy(policy);
  await hub.order({ order: 'stop', why });
  const held = hub.finding(await badBucket(account));
  await hub.send(held);
  await hub.order({ order: 'start', why });
  await account.client(SecurityHubClient).send(new EnableSecurityHubCommand({}));
  const suppressed = { ...held.detail.findings[0], Workflow: { Status: 'SUPPRESSED' } };
  await account.client(SecurityHubClient).send(new BatchImportFindingsCommand({ Findings: [suppressed] as never }));
  await hub.comeBack();

  for (const rule of Object.values(rules)) await find(rule);

  const bucket = await badBucket(account);
  const fixed = await find(plantedRule, bucket);
  await find(plantedRule, bucket);
  await spoil(account, bucket, 'access');
  for (const _ of [1, 2]) {
    await hub.order({ order: 'rollback', remediation: fixed, why });
    await hub.delivered();
  }
  const away = await badBucket(account);
  await s3.send(new DeleteBucketCommand({ Bucket: away }));
  await find(plantedRule, away);
  const broken = await find();
  hub.emulator.gateway.fail({ operation: 'DeletePublicAccessBlock', account: account.account, as: 'access-denied', times: 1 });
  await hub.order({ order: 'rollback', remediation: broken, why });
  await hub.delivered();
  const back = await find();
  await hub.order({ order: 'rollback', remediation: back, why });
  await hub.delivered();
  hub.emulator.gateway.fail({ operation: 'PutBucketVersioning', account: account.account, as: 'access-denied', times: 1 });
  await find();
  await find(plantedRule, await badBucket(account, { 'posture:exempt': 'all until 2027-01-31' }));

  await hub.deploy({ ...policy, modes: { default: 'ask' }, rollbacks: { exemptDays: 9 } });
  const [approved, rejected] = [await find(), await find()];
  await hub.order({ order: 'approve', remediation: approved }, 'arn:aws:iam::111122223333:user/mallory');
  await hub.order({ order: 'approve', remediation: approved });
  await hub.delivered();
  await hub.order({ order: 'reject', remediation: rejected, why });
  await hub.order({ order: 'release', remediation: rejected, why });
  for (const mode of ['observe', 'off']) {
    await hub.deploy({ ...policy, modes: { default: mode } });
    await find();
  }
  await hub.deploy({ ...policy, fights: { fixes: 1 } });
  await find(plantedRule, bucket);
  await hub.deploy({ ...policy, breaker: { failures: 1 } });
  hub.emulator.gateway.fail({ operation: 'PutBucketVersioning', account: account.account, as: 'access-denied', times: 1 });
  await find();
  await find();
  await hub.order({ order: 'close-breaker', rule: plantedRule.id, why });

  const told = new Set(hub.told().map(({ outcome }) => outcome));
  expect(toldOutcomes.filter((outcome) => !told.has(outcome))).toEqual([]);
  for (const event of hub.told().filter(hasToKnow)) expect(event.reason).not.toBe('');
});
