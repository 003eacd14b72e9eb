import { attributeRule } from './workgroup/attribute';

export default attributeRule({
  id: 'redshiftserverless-workgroup-vpc-routed',
  title: 'Workgroups of Redshift Serverless load and unload data through their VPC',
  why: 'Otherwise COPY and UNLOAD go over the internet, past the network rules, the endpoint policies and the flow logs of the VPC.',
  impact:
    'From then on COPY and UNLOAD reach only what the VPC of the workgroup has a way to: see first that it has an endpoint for Amazon S3, or a NAT gateway, for each place that data comes from or goes to, and that DNS resolution is on.',
  severity: 'high',
  risk: 'disruptive',
  detectedBy: { securityHub: ['RedshiftServerless.1'], config: ['redshift-serverless-workgroup-routes-within-vpc'] },
  attribute: 'enhancedVpcRouting',
  wished: true,
});
