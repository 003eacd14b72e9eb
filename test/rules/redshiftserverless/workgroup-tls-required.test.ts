import type { ConfigParameter } from '@aws-sdk/client-redshift-serverless';
import rule from '../../../rules/redshiftserverless/workgroup-tls-required';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import { answering, sales, workgroupAt, workgroupWith } from './seed';

const parameter = (parameterKey: string, parameterValue: string): ConfigParameter => ({ parameterKey, parameterValue });
const path = parameter('search_path', '$user, public');

describeRule(rule, {
  violations: {
    'a workgroup that lets connect without TLS': {
      seed: workgroupWith({ configParameters: [path, parameter('require_ssl', 'false')], publiclyAccessible: true }),
      async fixed(world, arn) {
        expect(await workgroupAt(world, arn)).toMatchObject({
          configParameters: [path, parameter('require_ssl', 'true')],
          publiclyAccessible: true,
        });
      },
    },
    'a workgroup that does not say': {
      seed: workgroupWith({ configParameters: [path] }),
      async fixed(world, arn) {
        expect(await workgroupAt(world, arn)).toMatchObject({ configParameters: [path, parameter('require_ssl', 'true')] });
      },
    },
  },
  compliant: { 'a workgroup that requires TLS': { seed: workgroupWith({ configParameters: [path, parameter('require_ssl', 'true')] }) } },
  missing: '0b7a1f52-5b2c-4c1e-9d3e-8a4f6c7d8e9f',
});

const planFor = async (workgroup: object) => {
  const state = await rule.inspect(sales, answering({ workgroupArn: sales.arn, workgroupName: 'sales', ...workgroup }));
  return planOf(rule, sales, state, { parameters: {}, detectedBy: 'RedshiftServerless.2', now: new Date(0) });
};

it('takes a workgroup that does not say for one that does not require TLS', async () => {
  expect(await planFor({ status: 'AVAILABLE' })).toMatchObject([
    {
      do: { input: { workgroupName: 'sales', configParameters: [parameter('require_ssl', 'true')] } },
      undo: { input: { workgroupName: 'sales', configParameters: [parameter('require_ssl', 'false')] } },
    },
  ]);
});

it.each(['CREATING', 'MODIFYING', undefined])('waits while a workgroup is %s', async (status) => {
  expect(await planFor({ status })).toEqual({
    blocked: expect.stringContaining(status ?? 'unknown'),
    code: 'being-modified',
  });
});

it('has nothing to wait for where TLS is required', async () => {
  expect(await planFor({ status: 'MODIFYING', configParameters: [parameter('require_ssl', 'true')] })).toEqual([]);
});

it('lists the workgroups of all pages', async () => {
  expect(await rule.list?.(sales, answering({ workgroupArn: 'a' }, { workgroupArn: 'b' }))).toEqual(['a', 'b']);
});
