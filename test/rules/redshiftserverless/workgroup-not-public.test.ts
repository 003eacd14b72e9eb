import type { WorkgroupStatus } from '@aws-sdk/client-redshift-serverless';
import rule from '../../../rules/redshiftserverless/workgroup-not-public';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import { answering, sales, workgroupAt, workgroupWith } from './seed';

describeRule(rule, {
  violations: {
    'a public workgroup': {
      seed: workgroupWith({ publiclyAccessible: true, enhancedVpcRouting: true, baseCapacity: 8 }),
      configId: async (world, arn) => (await workgroupAt(world, arn)).workgroupName ?? '',
      async fixed(world, arn) {
        expect(await workgroupAt(world, arn)).toMatchObject({ publiclyAccessible: false, enhancedVpcRouting: true, baseCapacity: 8 });
      },
    },
    'a public workgroup, by its id': {
      seed: workgroupWith({ publiclyAccessible: true }),
      configId: async (world, arn) => (await workgroupAt(world, arn)).workgroupId ?? '',
    },
  },
  compliant: {
    'a private workgroup': { seed: workgroupWith({ publiclyAccessible: false }) },
    'a workgroup of which nothing is said': { seed: workgroupWith({}) },
  },
  missing: '0b7a1f52-5b2c-4c1e-9d3e-8a4f6c7d8e9f',
});

it.each(['CREATING', 'MODIFYING', 'DELETING', undefined] as (WorkgroupStatus | undefined)[])(
  'waits while a workgroup is %s',
  async (status) => {
    const state = await rule.inspect(
      sales,
      answering({ workgroupArn: 'other' }, { workgroupArn: sales.arn, publiclyAccessible: true, status }),
    );
    const plan = planOf(rule, sales, state, { parameters: {}, detectedBy: 'RedshiftServerless.3', now: new Date(0) });
    expect(plan).toEqual({ blocked: expect.stringContaining(status ?? 'unknown'), code: 'being-modified' });
  },
);

it('lists the workgroups of all pages', async () => {
  expect(await rule.list?.(sales, answering({ workgroupArn: 'a' }, { workgroupArn: 'b' }))).toEqual(['a', 'b']);
});
