import { attributeRule } from './cluster/attribute';

export default attributeRule({
  id: 'redshift-cluster-vpc-routing-enhanced',
  title: 'Redshift clusters load and unload data through their VPC',
  why: 'Otherwise COPY and UNLOAD go over the internet, past the network rules, the endpoint policies and the flow logs of the VPC.',
  impact:
    'The cluster can restart for it, and for a rollback. From then on COPY and UNLOAD reach only what the VPC of the cluster has a way to: see first that it has an endpoint for Amazon S3, or a NAT gateway, for each place that data comes from or goes to, and that DNS resolution is on.',
  severity: 'medium',
  risk: 'disruptive',
  detectedBy: { securityHub: ['Redshift.7'], config: ['redshift-enhanced-vpc-routing-enabled'] },
  attribute: 'EnhancedVpcRouting',
  settle: 3600,
});
