import { AddPermissionCommand, type AddPermissionCommandInput } from '@aws-sdk/client-lambda';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import { secret } from '../../../rules/secretsmanager/secret/resource';
import rule from '../../../rules/secretsmanager/secret-rotation-enabled';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { standInForRotation } from './rotation';

const { secretWith, said } = standInForRotation();
const own = 'arn:aws:lambda:eu-west-1:111122223333:function:rotate';
const shared = 'rotate-any';

describeRule(rule, {
  violations: {
    'a secret whose rotation somebody turned off': {
      seed: secretWith({ RotationEnabled: false, RotationLambdaARN: own, RotationRules: { AutomaticallyAfterDays: 7, Duration: '2h' } }),
      fixed: async (_, arn) =>
        expect(said(arn)).toEqual({
          RotationEnabled: true,
          RotationLambdaARN: own,
          RotationRules: { AutomaticallyAfterDays: 7, Duration: '2h' },
        }),
    },
    'a secret that has a function, and never was told how often': {
      seed: secretWith({ RotationLambdaARN: own }),
      fixed: async (_, arn) => expect(said(arn)).toMatchObject({ RotationEnabled: true, RotationRules: { AutomaticallyAfterDays: 30 } }),
      rolledBack: async (_, arn) => expect(said(arn)).toMatchObject({ RotationEnabled: false }),
    },
    'a secret without a function, and owners who name one': {
      async seed(world) {
        await letIn(world, { SourceAccount: world.account });
        return secretWith()(world);
      },
      parameters: { functionName: shared, everyDays: 10 },
      fixed: async ({ account }, arn) =>
        expect(said(arn)).toEqual({
          RotationEnabled: true,
          RotationLambdaARN: `arn:aws:lambda:eu-west-1:${account}:function:${shared}`,
          RotationRules: { AutomaticallyAfterDays: 10 },
        }),
      rolledBack: async (_, arn) => expect(said(arn)).toMatchObject({ RotationEnabled: false }),
    },
    'a secret that rotates less often than the owner allows': {
      seed: secretWith({ RotationEnabled: true, RotationLambdaARN: own, RotationRules: { AutomaticallyAfterDays: 91, Duration: '2h' } }),
      parameters: { maximumAllowedRotationFrequency: 90 },
      fixed: async (_, arn) =>
        expect(said(arn)).toMatchObject({ RotationEnabled: true, RotationRules: { AutomaticallyAfterDays: 90, Duration: '2h' } }),
    },
    'a secret that rotates by a schedule, less often than the owner allows': {
      seed: secretWith({
        RotationEnabled: true,
        RotationLambdaARN: own,
        RotationRules: { ScheduleExpression: 'rate(200 days)', AutomaticallyAfterDays: 200 },
      }),
      parameters: { maximumAllowedRotationFrequency: 10 },
      fixed: async (_, arn) => expect(said(arn)?.RotationRules).toEqual({ AutomaticallyAfterDays: 10 }),
      rolledBack: async (_, arn) => expect(said(arn)?.RotationRules).toEqual({ ScheduleExpression: 'rate(200 days)' }),
    },
    'a secret that did so until its rotation was turned off': {
      seed: secretWith({ RotationEnabled: false, RotationLambdaARN: own, RotationRules: { AutomaticallyAfterDays: 91, Duration: '2h' } }),
      parameters: { maximumAllowedRotationFrequency: 90 },
      fixed: async (_, arn) =>
        expect(said(arn)).toMatchObject({ RotationEnabled: true, RotationRules: { AutomaticallyAfterDays: 90, Duration: '2h' } }),
      rolledBack: async (_, arn) => expect(said(arn)).toMatchObject({ RotationEnabled: false }),
    },
    'a secret that was never told how often, and an owner who allows less than is usual': {
      seed: secretWith({ RotationLambdaARN: own }),
      parameters: { maximumAllowedRotationFrequency: 7 },
      fixed: async (_, arn) => expect(said(arn)).toMatchObject({ RotationRules: { AutomaticallyAfterDays: 7 } }),
      rolledBack: async (_, arn) => expect(said(arn)).toMatchObject({ RotationEnabled: false }),
    },
    'a secret with a function of its own, and owners who name another': {
      seed: secretWith({ RotationLambdaARN: own, RotationRules: { ScheduleExpression: 'rate(4 hours)' } }),
      parameters: { functionName: shared },
      fixed: async (_, arn) =>
        expect(said(arn)).toMatchObject({ RotationLambdaARN: own, RotationRules: { ScheduleExpression: 'rate(4 hours)' } }),
    },
  },
  compliant: {
    'a secret that rotates': {
      seed: secretWith({ RotationEnabled: true, RotationLambdaARN: own, RotationRules: { AutomaticallyAfterDays: 300 } }),
    },
    'a secret that rotates as often as the owner allows': {
      seed: secretWith({ RotationEnabled: true, RotationLambdaARN: own, RotationRules: { AutomaticallyAfterDays: 90 } }),
      parameters: { maximumAllowedRotationFrequency: 90 },
    },
    'a secret that rotates by a schedule that has not told its days yet': {
      seed: secretWith({ RotationEnabled: true, RotationLambdaARN: own, RotationRules: { ScheduleExpression: 'rate(4 hours)' } }),
      parameters: { maximumAllowedRotationFrequency: 1 },
    },
    'a secret that its service rotates': { seed: secretWith({ RotationEnabled: true, OwningService: 'rds' }) },
  },
  obstacles: {
    'a secret without a function': {
      seed: secretWith(),
      outcome: 'unfixable',
      reason: /no rotation function, and the parameter functionName is not set/,
    },
    'a function that is not there': {
      seed: secretWith(),
      parameters: { functionName: `${shared}-absent` },
      outcome: 'unfixable',
      reason: /rotate-any-absent does not exist, or its policy/,
    },
    'a function that lets in Secrets Manager of another account': {
      async seed(world) {
        await letIn(world, { SourceAccount: '999999999999', FunctionName: `${shared}-of-others` });
        return secretWith()(world);
      },
      parameters: { functionName: `${shared}-of-others` },
      outcome: 'unfixable',
      reason: /does not allow secretsmanager.amazonaws.com to invoke/,
    },
    'a secret of a service': { seed: secretWith({ OwningService: 'events' }), outcome: 'unfixable', reason: /service events manages/ },
    'a secret that its service rotates less often than the owner allows': {
      seed: secretWith({ RotationEnabled: true, OwningService: 'rds', RotationRules: { AutomaticallyAfterDays: 7 } }),
      parameters: { maximumAllowedRotationFrequency: 1 },
      outcome: 'unfixable',
      reason: /service rds manages/,
    },
    'a secret of a partner': {
      seed: secretWith({ Type: 'SalesforceClientSecret' }),
      parameters: { functionName: shared },
      outcome: 'unfixable',
      reason: /held by an AWS partner \(SalesforceClientSecret\)/,
    },
    'a replica': { seed: secretWith({ PrimaryRegion: 'us-east-1' }), outcome: 'unfixable', reason: /replica of a secret in us-east-1/ },
    'a secret that is to be deleted': {
      seed: secretWith({ DeletedDate: new Date() }),
      outcome: 'unfixable',
      reason: /scheduled for deletion/,
    },
  },
  missing: 'no-such-secret-AbCdEf',
  unexercised: { 'lambda:InvokeFunction': 'Secrets Manager asks for it where rotation is turned on; it is no call of the rule.' },
});

const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-AbCdEf';
const resource = { type: secret.type, id: 's-AbCdEf', arn, partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const context = { parameters: { everyDays: 30 }, detectedBy: 'SecretsManager.1', now: new Date(0) };

it('never rotates at once, and says where the way back is not exact', () => {
  const planFor = (rotation: object) => {
    const plan = rule.plan(resource, { rotation: { isOn: false, function: own, ...rotation } }, context);
    return isChanges(plan) ? plan.map(loggedChange) : plan;
  };
  expect(planFor({ schedule: 'rate(4 hours)', days: 1 })).toEqual([
    {
      do: { service: 'secretsmanager', operation: 'RotateSecret', input: { SecretId: arn, RotateImmediately: false } },
      undo: { service: 'secretsmanager', operation: 'CancelRotateSecret', input: { SecretId: arn } },
    },
  ]);
  expect(planFor({})).toMatchObject([
    { do: { input: { RotateImmediately: false } }, nearest: expect.stringContaining('keeps the rotation function') },
  ]);
});

async function letIn({ send }: World, over: Partial<AddPermissionCommandInput>): Promise<void> {
  await send(
    new AddPermissionCommand({
      FunctionName: shared,
      StatementId: `statement-${Math.random().toString(36).slice(2)}`,
      Principal: 'secretsmanager.amazonaws.com',
      Action: 'lambda:InvokeFunction',
      ...over,
    }),
  );
}
