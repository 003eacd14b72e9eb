import type { Json } from '../../rules/rule';

/** What AWS requires of the caller of an operation beside its own action, in some variants of the resource. */
export interface CallerPermissions {
  readonly action: string;
  readonly when: string;
  /** Where AWS says so; `unpublished` where no page of AWS does, with what was found instead. */
  readonly page: string | { readonly unpublished: string };
  readonly read: string;
  /** The permissions that rules with the action hold. */
  readonly held: readonly string[];
  /** Those that no rule holds, and why. */
  readonly withheld?: { readonly permissions: readonly string[]; readonly why: string };
  /** A state of such a resource that a rule leaves alone, as it lacks them: its obstacle has the code. */
  readonly left?: readonly {
    readonly rule: string;
    readonly detectedBy: string;
    readonly parameters?: Readonly<Record<string, Json>>;
    readonly state: Json;
    readonly code: string;
  }[];
}

const docs = 'https://docs.aws.amazon.com';
const read = '2026-11-30';
const beanstalk = 'aws:elasticbeanstalk:';

export const callerPermissions: readonly CallerPermissions[] = [
  {
    action: 'cloudtrail:UpdateTrail',
    when: 'The trail is an organization trail, and the account manages the organization.',
    page: `${docs}/awscloudtrail/latest/userguide/creating-an-organizational-trail-prepare.html`,
    read,
    held: [
      'iam:GetRole',
      'organizations:DescribeOrganization',
      'organizations:ListAccounts',
      'organizations:ListAWSServiceAccessForOrganization',
    ],
    withheld: {
      permissions: ['iam:CreateServiceLinkedRole', 'organizations:EnableAWSServiceAccess', 'organizations:DisableAWSServiceAccess'],
      why: 'They create the role and the access of CloudTrail, which an existing organization trail has.',
    },
  },
  {
    action: 'cloudfront:UpdateDistribution',
    when: 'The distribution has a web ACL.',
    page: {
      unpublished:
        'CloudFront answers InvalidWebACLId: "Unable to verify read permissions on Web ACL" (https://github.com/aws/aws-sdk-java/issues/2901).',
    },
    read,
    held: ['wafv2:GetWebACL'],
  },
  {
    action: 'cloudfront:UpdateDistribution',
    when: 'The distribution has Lambda@Edge functions.',
    page: `${docs}/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html`,
    read,
    held: [],
    withheld: {
      permissions: ['lambda:GetFunction', 'lambda:EnableReplication*', 'lambda:DisableReplication*', 'iam:CreateServiceLinkedRole'],
      why: 'They give access to the code of functions.',
    },
    left: [
      {
        rule: 'cloudfront-distribution-root-object-set',
        detectedBy: 'CloudFront.1',
        parameters: { defaultRootObject: 'index.html' },
        state: { rootObject: '', served: [{ paths: '*', byBucket: true }], edge: true },
        code: 'lambda-at-edge',
      },
    ],
  },
  {
    action: 'cloudfront:UpdateDistribution',
    when: 'The distribution writes standard logs (legacy) to a bucket.',
    page: {
      unpublished:
        'CloudFront answers that it requires these "to create a distribution or to update log settings for an existing distribution" (https://github.com/hashicorp/terraform-provider-aws/issues/3622). Rules repeat the log settings as they are.',
    },
    read,
    held: [],
    withheld: {
      permissions: ['s3:GetBucketAcl', 's3:PutBucketAcl'],
      why: 'Log settings stay unchanged, and buckets could be made public.',
    },
  },
  {
    action: 'ec2:CreateLaunchTemplateVersion',
    when: 'The image is named by a Systems Manager parameter.',
    page: `${docs}/autoscaling/ec2/userguide/using-systems-manager-parameters.html`,
    read,
    held: ['ssm:GetParameters'],
    left: [
      {
        rule: 'ec2-launch-template-addresses-private',
        detectedBy: 'EC2.25',
        state: {
          version: 1,
          latest: 1,
          own: [],
          interfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true }],
          image: 'resolve:ssm:/golden/image',
        },
        code: 'image-from-parameter',
      },
    ],
  },
  {
    action: 'elasticbeanstalk:UpdateEnvironment',
    when: 'The environment has no operations role: Elastic Beanstalk uses the permissions of the caller.',
    page: `${docs}/elasticbeanstalk/latest/api/API_DisassociateEnvironmentOperationsRole.html`,
    read,
    held: [],
    withheld: {
      permissions: ['autoscaling:*', 'cloudformation:*', 'ec2:*', 'elasticloadbalancing:*', 's3:*', 'iam:PassRole'],
      why: 'They are most of those services, on all resources.',
    },
    left: [
      {
        rule: 'elasticbeanstalk-environment-updates-managed',
        detectedBy: 'ElasticBeanstalk.2',
        state: {
          options: { [`${beanstalk}healthreporting:system SystemType`]: 'enhanced', [`${beanstalk}environment ServiceRole`]: 'role' },
          byCaller: true,
        },
        code: 'operations-role-required',
      },
      {
        rule: 'elasticbeanstalk-environment-logs-streamed',
        detectedBy: 'ElasticBeanstalk.3',
        state: { options: {}, byCaller: true },
        code: 'operations-role-required',
      },
    ],
  },
];
