import rule from '../../../rules/redshiftserverless/workgroup-vpc-routed';
import { describeRule } from '../../contract/describe-rule';
import { workgroupAt, workgroupWith } from './seed';

describeRule(rule, {
  violations: {
    'a workgroup that loads data over the internet': {
      seed: workgroupWith({ enhancedVpcRouting: false, publiclyAccessible: true }),
      async fixed(world, arn) {
        expect(await workgroupAt(world, arn)).toMatchObject({ enhancedVpcRouting: true, publiclyAccessible: true });
      },
    },
    'a workgroup of which nothing is said': { seed: workgroupWith({}) },
  },
  compliant: { 'a workgroup that loads data through its VPC': { seed: workgroupWith({ enhancedVpcRouting: true }) } },
  missing: '0b7a1f52-5b2c-4c1e-9d3e-8a4f6c7d8e9f',
});
