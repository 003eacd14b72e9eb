import * as z from 'zod';
import type { Rule } from '../../rules/rule';
import { badBucket, isKept } from './bucket';
import { plantedRule, unbounded, useCentral } from './central';

const { open } = useCentral();
const rule: Rule = {
  ...plantedRule,
  parameters: z.strictObject({ days: z.int().min(1).max(90) }) as unknown as NonNullable<Rule['parameters']>,
};
const fix = { ...unbounded, modes: { default: 'fix' } };

describe('parameters of a rule', () => {
  it('are those of the account and the region, a later entry over an earlier one', async () => {
    const central = await open({ rules: [rule] });
    const other = await central.emulator.account();
    await central.deploy({
      ...fix,
      parameters: [
        { rules: ['s3-*'], values: { days: 30 } },
        { rules: ['s3-*'], accounts: [other.account], values: { days: 60 } },
        { rules: ['s3-*'], accounts: [other.account], regions: ['us-*'], values: { days: 90 } },
      ],
    });
    const used = async (account: typeof other, region: string) => {
      const { remediation } = await central.find(await badBucket(account), { account: account.account, region });
      return (await central.trail(remediation)).find(({ kind }) => kind === 'planned')?.parameters;
    };
    expect(await used(central.account, 'eu-west-1')).toEqual({ days: 30 });
    expect(await used(other, 'eu-west-1')).toEqual({ days: 60 });
    expect(await used(other, 'us-east-1')).toEqual({ days: 90 });
  });

  it.each([
    ['are missing', [], 'missing-parameter'],
    ['are invalid', [{ rules: ['s3-*'], values: { days: 0 } }], 'invalid-parameter'],
    ['are not known', [{ rules: ['s3-*'], values: { days: 3, weeks: 1 } }], 'invalid-parameter'],
  ])('keep the rule from changing anything where they %s', async (_, parameters, code) => {
    const central = await open({ rules: [rule] });
    await central.deploy({ ...fix, parameters });
    const bucket = await badBucket(central.account);
    const result = await central.find(bucket);
    expect(result).toMatchObject({
      outcome: 'not-configured',
      reason: expect.stringContaining('The rule starts no change. Set the parameters of'),
    });
    expect(await central.last(result.remediation)).toMatchObject({ kind: 'skipped', outcome: 'not-configured', code });
    expect(await isKept(central.account, bucket)).toBe(false);
  });
});
