import { copyRule } from './launch-configuration/copy';

export default copyRule({
  id: 'autoscaling-launch-configuration-private',
  title: 'Auto Scaling groups launch instances without a public address',
  why: 'Whatever listens on an instance with a public address can be reached, and attacked, from everywhere that its security groups allow.',
  impact:
    'Groups launch from a copy of the launch configuration; instances that run stay as they are. New ones reach the internet only through a NAT gateway or a proxy. The log of the fix holds the user data. The old launch configuration is deleted once somebody approves it.',
  severity: 'high',
  property: 'AssociatePublicIpAddress',
  detectedBy: { securityHub: ['Autoscaling.5'], config: ['autoscaling-launch-config-public-ip-disabled'] },
  suffix: '-private',
  isFaulty: ({ AssociatePublicIpAddress }) => AssociatePublicIpAddress === true,
  mend: (content) => ({ ...content, AssociatePublicIpAddress: false }),
});
