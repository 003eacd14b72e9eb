import { attributeRule } from './cluster/attribute';

export default attributeRule({
  id: 'redshift-cluster-vpc-routing-enhanced',
  title: 'Redshift clusters use enhanced VPC routing',
  why: 'Otherwise COPY and UNLOAD traffic bypasses the network rules, endpoint policies and flow logs of the VPC.',
  impact:
    'The change, and a rollback, can restart the cluster. From then on COPY and UNLOAD reach only destinations that the VPC has a route to. First make sure that it has an Amazon S3 endpoint or a NAT gateway for every source and destination of data, and that DNS resolution is enabled.',
  severity: 'medium',
  risk: 'disruptive',
  detectedBy: { securityHub: ['Redshift.7'], config: ['redshift-enhanced-vpc-routing-enabled'] },
  attribute: 'EnhancedVpcRouting',
  settle: 3600,
});
