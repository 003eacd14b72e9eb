import {
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateVersionsCommand,
  DescribeLaunchTemplatesCommand,
  EC2Client,
  type LaunchTemplateInstanceNetworkInterfaceSpecificationRequest,
} from '@aws-sdk/client-ec2';
import { undefinedOn } from '../absence';
import { isObject } from '../json';
import { collect } from '../pages';
import { type Change, defineRule, type Json, notFound } from '../rule';
import { launchTemplate } from './launch-template/resource';
import { numbersOf, readVersions, SetDefaultVersionCommand, unseen } from './launch-template/version';

type State = {
  /** The number of the default version, and its network interfaces. */
  readonly version: number;
  readonly interfaces: readonly Json[];
  readonly latest: number;
  /** The numbers of the versions that this rule created. */
  readonly own: readonly number[];
  /** The image, if it is named by a Systems Manager parameter. */
  readonly image?: string;
  /** The service that manages the template. */
  readonly operator?: string;
};

const id = 'ec2-launch-template-addresses-private';
const templates = 'arn:{partition}:ec2:{region}:{account}:launch-template/*';

export default defineRule({
  id,
  title: 'EC2 launch templates do not assign public IP addresses to network interfaces',
  why: 'Every service on an instance with a public IP address is exposed to attacks from anywhere that its security groups allow.',
  impact:
    'The launch template gets a new default version. Running instances do not change; new ones launched from the default or latest version reach the internet only through a NAT gateway or proxy.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'nearly',
  resource: launchTemplate,
  marksOwnPart: true,
  property: 'LaunchTemplateData.NetworkInterfaces.AssociatePublicIpAddress',
  detectedBy: { securityHub: ['EC2.25'], config: ['ec2-launch-template-public-ip-disabled'] },
  detectorParameters: {
    'ec2-launch-template-public-ip-disabled': {
      exemptedLaunchTemplates: { irrelevant: 'It only limits which launch templates are reported.' },
    },
  },
  permissions: {
    // IAM offers no resource-level permission for these.
    inspect: { actions: ['ec2:DescribeLaunchTemplates', 'ec2:DescribeLaunchTemplateVersions'], on: '*' },
    change: [
      {
        actions: ['ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate', 'ec2:DeleteLaunchTemplateVersions'],
        on: templates,
      },
      // EC2 requires it for a template whose image is named by a parameter. These are public.
      { actions: ['ssm:GetParameters'], on: 'arn:{partition}:ssm:{region}::parameter/aws/*' },
    ],
  },
  clients: [EC2Client],
  commands: [CreateLaunchTemplateVersionCommand, SetDefaultVersionCommand, DeleteLaunchTemplateVersionsCommand],

  async inspect({ id: templateId }, aws): Promise<State | typeof notFound> {
    const absent = ['InvalidLaunchTemplateId.NotFound', 'InvalidLaunchTemplateId.Malformed'];
    const answer = await undefinedOn(absent, aws.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [templateId] })));
    const [template] = answer?.LaunchTemplates ?? [];
    if (!template) return notFound;
    const versions = await readVersions(templateId, aws);
    const version = template.DefaultVersionNumber ?? 0;
    const standard = versions.find(({ VersionNumber }) => VersionNumber === version);
    if (!standard) throw new Error(`Amazon EC2 did not return version ${version} of ${templateId}, its default version.`);
    const operator = template.Operator?.Managed ? (template.Operator.Principal ?? 'another service') : undefined;
    const nodes = template.Tags?.some(({ Key }) => Key === 'eks:nodegroup-name') && template.LaunchTemplateName?.startsWith('eks-');
    const service = operator ?? (nodes ? 'eks.amazonaws.com' : undefined);
    const image = standard.LaunchTemplateData?.ImageId;
    return {
      version,
      interfaces: JSON.parse(JSON.stringify(standard.LaunchTemplateData?.NetworkInterfaces ?? [])) as Json[],
      latest: template.LatestVersionNumber ?? 0,
      own: numbersOf(versions, description),
      ...(image?.startsWith(byParameter) && { image }),
      ...(service !== undefined && { operator: service }),
    };
  },

  plan({ id: LaunchTemplateId }, { version, interfaces, latest, operator, image }) {
    if (!interfaces.some(isPublic)) return [];
    if (operator !== undefined)
      return {
        unfixable: `${operator} manages the launch template, and its owner cannot change it. Change it through that service.`,
        code: 'owned-by-service',
      };
    if (latest !== version)
      return {
        unfixable: `The default version (${version}) is not the latest (${latest}), and a new version based on it would also replace ${latest} as the latest. Make the latest version the default, or change the template manually.`,
        code: 'default-not-latest',
      };
    if (image !== undefined && !isPublicParameter(image))
      return {
        unfixable: `The image of the launch template is ${image}, and EC2 then requires ssm:GetParameters for that parameter of whoever creates a version. The role of this rule may read only public parameters of AWS, as others may contain secrets. Create the version manually.`,
        code: 'image-from-parameter',
      };
    const NetworkInterfaces = interfaces.map((one) => (isPublic(one) ? { ...(one as object), AssociatePublicIpAddress: false } : one));
    const making: Change = {
      do: new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId,
        SourceVersion: String(version),
        VersionDescription: description,
        LaunchTemplateData: { NetworkInterfaces: NetworkInterfaces as LaunchTemplateInstanceNetworkInterfaceSpecificationRequest[] },
      }),
      undo: 'revert-own-part',
      nearest: 'The number of a deleted version is not used again.',
    };
    const choosing: Change = {
      do: new SetDefaultVersionCommand({ LaunchTemplateId, VersionDescription: description, after: latest }),
      undo: standard(LaunchTemplateId, version),
      retryOn: [unseen, 'InvalidLaunchTemplateId.VersionNotFound'],
    };
    return [making, choosing];
  },

  revertOwnPart({ id: LaunchTemplateId }, now, { before }) {
    const made = now.own.filter((number) => !before.own.includes(number));
    if (made.length === 0) return now.version === before.version ? [] : undefined;
    // Others have continued from it.
    if (now.version !== before.version && !made.includes(now.version)) return undefined;
    return [
      ...(now.version === before.version ? [] : [standard(LaunchTemplateId, before.version)]),
      new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: made.map(String) }),
    ];
  },

  async list(_, aws) {
    const all = await collect(
      (NextToken) => aws.send(new DescribeLaunchTemplatesCommand({ MaxResults: 200, NextToken })),
      ({ LaunchTemplates }) => LaunchTemplates,
      ({ NextToken }) => NextToken,
    );
    return all.flatMap(({ LaunchTemplateId }) => LaunchTemplateId ?? []);
  },
});

const byParameter = 'resolve:ssm:';

/** Whether an image is named by a public parameter, such as `resolve:ssm:/aws/service/ami-amazon-linux-latest/...`. */
const isPublicParameter = (image: string): boolean => /^resolve:ssm:(arn:[a-z-]+:ssm:[a-z0-9-]+::parameter)?\/aws\//.test(image);

const description = `Created by ${id}`;

const isPublic = (networkInterface: Json): boolean => isObject(networkInterface) && networkInterface.AssociatePublicIpAddress === true;

const standard = (LaunchTemplateId: string, version: number) =>
  new SetDefaultVersionCommand({ LaunchTemplateId, DefaultVersion: String(version) });
