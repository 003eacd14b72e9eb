/** Finding types that no rule handles, by the beginning or the whole of their names, and why nothing is changed for them. */
export const leftToPeople: readonly { readonly service: string; readonly types: readonly string[]; readonly why: string }[] = [
  {
    service: 'GuardDuty',
    types: ['Policy:IAMUser/RootCredentialUsage'],
    why: 'The use may be legitimate, and an account can deny its root user nothing.',
  },
  {
    service: 'GuardDuty',
    types: [
      'Policy:Kubernetes/',
      'PrivilegeEscalation:Kubernetes/',
      'Persistence:Kubernetes/',
      'CredentialAccess:Kubernetes/',
      'Discovery:Kubernetes/',
    ],
    why: 'The change is in the cluster, which AWS APIs do not reach.',
  },
  {
    service: 'Macie',
    types: ['SensitiveData:'],
    why: 'Sensitive data may be where it belongs. If the bucket is public, the finding about its access leads to a rule.',
  },
  {
    service: 'IAM Access Analyzer',
    types: ['Access of an account outside that is not public', 'Unused access'],
    why: 'It may be intended: only the owner knows whom they trust.',
  },
  {
    service: 'Inspector',
    types: ['NETWORK_REACHABILITY/'],
    why: 'A path in the network is often intended. Rules for the security groups act on the findings of Security Hub.',
  },
  {
    service: 'Inspector',
    types: ['CODE_VULNERABILITY/', 'PACKAGE_VULNERABILITY/AWS_ECR_CONTAINER_IMAGE', 'PACKAGE_VULNERABILITY/AWS_LAMBDA_FUNCTION'],
    why: 'Code and images have to be built anew.',
  },
];
