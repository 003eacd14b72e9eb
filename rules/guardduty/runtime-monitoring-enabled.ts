import { plansRule } from './detector/plans';

export default plansRule({
  id: 'guardduty-runtime-monitoring-enabled',
  title: 'GuardDuty Runtime Monitoring is enabled',
  why: 'Network and API logs do not show what an attacker does inside a container or an instance.',
  impact:
    'GuardDuty charges for each monitored vCPU after a 30-day trial. For the EKS, ECS and EC2 controls, it also installs its agent in clusters, new tasks or instances, and creates endpoints for it in their VPCs. A rollback turns that off, but installed agents and endpoints stay until you remove them.',
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
