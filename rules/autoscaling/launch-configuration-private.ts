import { copyRule } from './launch-configuration/copy';

export default copyRule({
  id: 'autoscaling-launch-configuration-private',
  title: 'Auto Scaling groups launch instances without a public IP address',
  why: 'Every service on an instance with a public IP address is exposed to attacks from anywhere that its security groups allow.',
  impact:
    'Groups switch to a copy of the launch configuration; running instances do not change. New instances reach the internet only through a NAT gateway or proxy. The old launch configuration is deleted after an approval.',
  severity: 'high',
  property: 'AssociatePublicIpAddress',
  detectedBy: { securityHub: ['Autoscaling.5'], config: ['autoscaling-launch-config-public-ip-disabled'] },
  suffix: '-private',
  isNoncompliant: ({ AssociatePublicIpAddress }) => AssociatePublicIpAddress === true,
  set: { AssociatePublicIpAddress: false },
});
