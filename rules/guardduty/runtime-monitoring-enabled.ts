import { plansRule } from './detector/plans';

export default plansRule({
  id: 'guardduty-runtime-monitoring-enabled',
  title: 'GuardDuty watches what runs in clusters and on instances',
  why: 'What an attacker does inside a container or an instance shows in no log of the network or of the API.',
  impact:
    'GuardDuty bills by the processors that it watches, after 30 days. By the controls about EKS, ECS and EC2 it also puts its agent into clusters, new tasks or instances, and endpoints for it into their VPCs; a rollback turns that off, and what is installed stays until its owner removes it.',
  severity: 'high',
  risk: 'disruptive',
  demands: [
    {
      control: 'GuardDuty.7',
      config: 'guardduty-eks-protection-runtime-enabled',
      name: 'RUNTIME_MONITORING',
      extra: 'EKS_ADDON_MANAGEMENT',
    },
    { control: 'GuardDuty.11', config: 'guardduty-runtime-monitoring-enabled', name: 'RUNTIME_MONITORING' },
    {
      control: 'GuardDuty.12',
      config: 'guardduty-ecs-protection-runtime-enabled',
      name: 'RUNTIME_MONITORING',
      extra: 'ECS_FARGATE_AGENT_MANAGEMENT',
    },
    {
      control: 'GuardDuty.13',
      config: 'guardduty-ec2-protection-runtime-enabled',
      name: 'RUNTIME_MONITORING',
      extra: 'EC2_AGENT_MANAGEMENT',
    },
  ],
});
