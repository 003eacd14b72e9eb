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
import { type Change, defineRule, notFound, type Json } from '../rule';
import { launchTemplate } from './launch-template/resource';
import { numbersOf, readVersions, SetDefaultVersionCommand, unseen } from './launch-template/version';

type State = {
  /** The number of the default version, and its network interfaces. */
  readonly version: number;
  readonly interfaces: readonly Json[];
  readonly latest: number;
  /** The numbers of the versions that this rule made. */
  readonly own: readonly number[];
  /** The service that made the template for its owner. */
  readonly operator?: string;
};

const id = 'ec2-launch-template-addresses-private';
const templates = 'arn:{partition}:ec2:{region}:{account}:launch-template/*';

export default defineRule({
  id,
  title: 'EC2 launch templates give no public addresses to network interfaces',
  why: 'Whatever listens on an instance with a public address can be reached, and attacked, from everywhere that its security groups allow.',
  impact:
    'The launch template gets a new default version. Instances that run stay as they are; new ones of whatever launches the default or the latest version reach the internet only through a NAT gateway or a proxy.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'nearly',
  resource: launchTemplate,
  property: 'LaunchTemplateData.NetworkInterfaces.AssociatePublicIpAddress',
  detectedBy: { securityHub: ['EC2.25'], config: ['ec2-launch-template-public-ip-disabled'] },
  permissions: {
    // IAM offers no resource-level permission for these.
    inspect: { actions: ['ec2:DescribeLaunchTemplates', 'ec2:DescribeLaunchTemplateVersions'], on: '*' },
    change: {
      actions: ['ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate', 'ec2:DeleteLaunchTemplateVersions'],
      on: templates,
    },
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
    if (!standard) throw new Error(`AWS EC2 does not show version ${version} of ${templateId}, its default one. Look again.`);
    const operator = template.Operator?.Managed ? (template.Operator.Principal ?? 'another service') : undefined;
    const nodes = template.Tags?.some(({ Key }) => Key === 'eks:nodegroup-name') && template.LaunchTemplateName?.startsWith('eks-');
    const service = operator ?? (nodes ? 'eks.amazonaws.com' : undefined);
    return {
      version,
      interfaces: JSON.parse(JSON.stringify(standard.LaunchTemplateData?.NetworkInterfaces ?? [])) as Json[],
      latest: template.LatestVersionNumber ?? 0,
      own: numbersOf(versions, description),
      ...(service !== undefined && { operator: service }),
    };
  },

  plan({ id: LaunchTemplateId }, { version, interfaces, latest, operator }) {
    if (!interfaces.some(isPublic)) return [];
    if (operator !== undefined)
      return { unfixable: `The launch template is managed by ${operator}, and its owner can not change it: change it there.` };
    if (latest !== version)
      return {
        unfixable: `The default version (${version}) is not the latest (${latest}): a new version made from it would be launched in place of ${latest} too. Make the latest the default, or put it right by hand.`,
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
      nearest: 'The number of a deleted version is not given again.',
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
    // Somebody has gone on from it.
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

const description = `Made by ${id}`;

const isPublic = (networkInterface: Json): boolean => isObject(networkInterface) && networkInterface.AssociatePublicIpAddress === true;

const standard = (LaunchTemplateId: string, version: number) =>
  new SetDefaultVersionCommand({ LaunchTemplateId, DefaultVersion: String(version) });
