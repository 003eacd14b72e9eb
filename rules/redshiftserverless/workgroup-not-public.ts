import { attributeRule } from './workgroup/attribute';

export default attributeRule({
  id: 'redshiftserverless-workgroup-not-public',
  title: 'Workgroups of Redshift Serverless have no public address',
  why: 'With a public address, a weak password or one lax security group is all that is between a data warehouse and the internet.',
  impact:
    'Clients outside the VPC of the workgroup, and the networks joined to it, can no longer connect; its name resolves to private addresses.',
  severity: 'high',
  risk: 'disruptive',
  detectedBy: { securityHub: ['RedshiftServerless.3'], config: ['redshift-serverless-workgroup-no-public-access'] },
  attribute: 'publiclyAccessible',
  wished: false,
});
