import { attributeRule } from './workgroup/attribute';

export default attributeRule({
  id: 'redshiftserverless-workgroup-vpc-routed',
  title: 'Redshift Serverless workgroups use enhanced VPC routing',
  why: 'Otherwise COPY and UNLOAD traffic bypasses the network rules, endpoint policies and flow logs of the VPC.',
  impact:
    'From then on COPY and UNLOAD reach only destinations that the VPC of the workgroup has a route to. First make sure that it has an Amazon S3 endpoint or a NAT gateway for every source and destination of data, and that DNS resolution is enabled.',
  severity: 'high',
  risk: 'disruptive',
  detectedBy: { securityHub: ['RedshiftServerless.1'], config: ['redshift-serverless-workgroup-routes-within-vpc'] },
  attribute: 'enhancedVpcRouting',
  expected: true,
});
