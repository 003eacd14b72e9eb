import { isChanges, loggedChange } from '../../../functions/plan/change';
import type { Aws } from '../../../rules/rule';
import { secret } from '../../../rules/secretsmanager/secret/resource';
import rule from '../../../rules/secretsmanager/secret-rotated-in-time';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import { standInForRotation } from './rotation';

const { secretWith, said } = standInForRotation();
const day = 86_400_000;
const at = (daysAgo: number) => new Date(Date.now() - daysAgo * day);
const RotationLambdaARN = 'arn:aws:lambda:eu-west-1:111122223333:function:rotate';
const rotating = { RotationEnabled: true, RotationLambdaARN, RotationRules: { AutomaticallyAfterDays: 30 } };

describeRule(rule, {
  violations: {
    'an old secret that rotates too seldom': {
      seed: secretWith({ ...rotating, LastRotatedDate: at(100), RotationRules: { AutomaticallyAfterDays: 365, Duration: '3h' } }),
      outcome: 'partly-fixed',
      fixed: async (_, arn) => expect(said(arn)?.RotationRules).toEqual({ AutomaticallyAfterDays: 90, Duration: '3h' }),
    },
    'an old secret that rotates too seldom, by a schedule': {
      seed: secretWith({
        ...rotating,
        LastRotatedDate: at(20),
        RotationRules: { ScheduleExpression: 'rate(200 days)', AutomaticallyAfterDays: 200 },
      }),
      parameters: { maxDaysSinceRotation: 10 },
      outcome: 'partly-fixed',
      fixed: async (_, arn) => expect(said(arn)?.RotationRules).toEqual({ AutomaticallyAfterDays: 10 }),
      rolledBack: async (_, arn) => expect(said(arn)?.RotationRules).toEqual({ ScheduleExpression: 'rate(200 days)' }),
    },
    'an old secret that should have rotated long ago': {
      seed: secretWith({ ...rotating, LastRotatedDate: at(91) }),
      outcome: 'awaiting-approval',
    },
    'an old secret that never rotated': { seed: secretWith({ ...rotating, CreatedDate: at(91) }), outcome: 'awaiting-approval' },
    'an old secret with a schedule that has not told its days yet': {
      seed: secretWith({ ...rotating, CreatedDate: at(91), RotationRules: { ScheduleExpression: 'cron(0 8 1 * ? *)' } }),
      outcome: 'awaiting-approval',
    },
  },
  compliant: {
    'a secret that rotated a month ago': { seed: secretWith({ ...rotating, LastRotatedDate: at(31), CreatedDate: at(400) }) },
    'a young secret that never rotated': { seed: secretWith({ CreatedDate: at(89) }) },
  },
  obstacles: {
    'an old secret that does not rotate': {
      seed: secretWith({ CreatedDate: at(91) }),
      outcome: 'unfixable',
      reason: /with the rule secretsmanager-secret-rotation-enabled/,
    },
    'an old secret whose rotation was turned off': {
      seed: secretWith({ ...rotating, RotationEnabled: false, CreatedDate: at(91) }),
      outcome: 'unfixable',
      reason: /Automatic rotation is not enabled/,
    },
    'an old secret whose rotation does not come to its end': {
      seed: secretWith({ ...rotating, LastRotatedDate: at(91), VersionIdsToStages: { a: ['AWSCURRENT'], b: ['AWSPENDING'] } }),
      outcome: 'unfixable',
      reason: /did not complete\. Check the logs of arn:aws:lambda/,
    },
    'an old secret of a service': {
      seed: secretWith({ ...rotating, LastRotatedDate: at(91), OwningService: 'rds' }),
      outcome: 'unfixable',
      reason: /service rds manages/,
    },
  },
  missing: 'no-such-secret-AbCdEf',
  unexercised: { 'lambda:InvokeFunction': 'Secrets Manager asks for it where a rotation is set; it is no call of the rule.' },
});

const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-AbCdEf';
const resource = { type: secret.type, id: 's-AbCdEf', arn, partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const now = new Date('2026-11-01T00:00:00Z');
const planned = async (found: object) => {
  const aws: Aws = { send: async () => ({ ...rotating, ...found }) as never };
  const state = await rule.inspect(resource, aws);
  const plan = planOf(rule, resource, state, { parameters: { maxDaysSinceRotation: 90 }, detectedBy: 'SecretsManager.4', now });
  return isChanges(plan) ? plan.map(loggedChange) : plan;
};

it('rotates at once, and last, what is older than 90 whole days', async () => {
  expect(await planned({ LastRotatedDate: new Date(now.getTime() - 90 * day) })).toEqual([]);
  expect(await planned({ LastRotatedDate: new Date(now.getTime() - 90 * day - 1), RotationRules: { AutomaticallyAfterDays: 91 } })).toEqual(
    [
      {
        do: {
          service: 'secretsmanager',
          operation: 'RotateSecret',
          input: { SecretId: arn, RotationRules: { AutomaticallyAfterDays: 90 }, RotateImmediately: false },
        },
        undo: {
          service: 'secretsmanager',
          operation: 'RotateSecret',
          input: { SecretId: arn, RotationRules: { AutomaticallyAfterDays: 91 }, RotateImmediately: false },
        },
      },
      {
        do: { service: 'secretsmanager', operation: 'RotateSecret', input: { SecretId: arn, RotateImmediately: true } },
        irreversible: expect.stringContaining('old value'),
      },
    ],
  );
});

it('rotates again while AWS still tests the new schedule, and waits for nothing else', async () => {
  const retried = async (RotationRules: object) => {
    const aws: Aws = { send: async () => ({ ...rotating, LastRotatedDate: new Date(0), RotationRules }) as never };
    const state = await rule.inspect(resource, aws);
    const plan = planOf(rule, resource, state, { parameters: { maxDaysSinceRotation: 90 }, detectedBy: 'SecretsManager.4', now });
    return isChanges(plan) && plan.map(({ retryOn }) => retryOn);
  };
  expect(await retried({ AutomaticallyAfterDays: 91 })).toEqual([undefined, ['InvalidRequestException']]);
  expect(await retried({ AutomaticallyAfterDays: 90 })).toEqual([undefined]);
});

it('leaves alone a secret of which AWS does not say how old it is, and one whose new version is the current one', async () => {
  expect(await planned({})).toEqual([]);
  const finished = { LastRotatedDate: new Date(0), VersionIdsToStages: { a: ['AWSCURRENT', 'AWSPENDING'] } };
  expect(await planned(finished)).toHaveLength(1);
});
