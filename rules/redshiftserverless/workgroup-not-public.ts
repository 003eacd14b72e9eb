import { attributeRule } from './workgroup/attribute';

export default attributeRule({
  id: 'redshiftserverless-workgroup-not-public',
  title: 'Redshift Serverless workgroups are not publicly accessible',
  why: 'With a public address, only passwords and security groups protect a data warehouse from the internet.',
  impact:
    'Clients outside the VPC of the workgroup and its connected networks can no longer connect; its name resolves to private addresses.',
  severity: 'high',
  risk: 'disruptive',
  exposes: true,
  detectedBy: { securityHub: ['RedshiftServerless.3'], config: ['redshift-serverless-workgroup-no-public-access'] },
  attribute: 'publiclyAccessible',
  expected: false,
});
