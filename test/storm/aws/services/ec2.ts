import type { Cell, Cells } from '../cells';
import { AwsError } from '../error';
import type { Request, Service } from '../request';

/** One rule of a security group, with one source. */
interface GroupRule {
  readonly id: string;
  readonly egress: boolean;
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly ipv4: string;
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
}

interface Permission {
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly IpRanges?: readonly { readonly CidrIp: string; readonly Description?: string }[];
}

/** Security groups and their rules. A rule that is authorized again has another id. */
export function ec2(cells: Cells): Service {
  let made = 0;
  return {
    DescribeSecurityGroups(request) {
      const GroupIds: readonly string[] = request.input.GroupIds ?? [];
      return {
        SecurityGroups: GroupIds.map((GroupId) => {
          const { name, account } = group(request, GroupId);
          return { GroupId, GroupName: name, OwnerId: account };
        }),
      };
    },
    DescribeSecurityGroupRules(request) {
      const GroupId = request.input.Filters[0].Values[0];
      return { SecurityGroupRules: (cellOf(request, GroupId)?.rules ?? []).map((rule: GroupRule) => described(GroupId, rule)) };
    },
    RevokeSecurityGroupIngress: (request) => revoke(request, false),
    RevokeSecurityGroupEgress: (request) => revoke(request, true),
    AuthorizeSecurityGroupIngress: (request) => authorize(request, false),
    AuthorizeSecurityGroupEgress: (request) => authorize(request, true),
    DescribeRegions: () => ({ Regions: [{ RegionName: 'eu-west-1' }, { RegionName: 'us-east-1' }] }),
    DescribeNetworkInterfaces: () => ({ NetworkInterfaces: [] }),
    DescribeTags(request) {
      const id = request.input.Filters[0].Values[0];
      const tags = Object.entries(cellOf(request, id)?.tags ?? {});
      return { Tags: tags.map(([Key, Value]) => ({ Key, Value, ResourceId: id, ResourceType: 'security-group' })) };
    },
  };

  function cellOf({ account, region }: Request, id: string): Cell | undefined {
    return cells.get(`arn:aws:ec2:${region}:${account}:security-group/${id}`);
  }

  function group(request: Request, id: string): Cell {
    const cell = cellOf(request, id);
    if (!cell) throw new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
    return cell;
  }

  function revoke(request: Request, egress: boolean): object {
    const cell = group(request, request.input.GroupId);
    const gone = rulesIn(request.input.IpPermissions, egress);
    const unknown = gone.filter((one) => !cell.rules.some((rule: GroupRule) => isSame(rule, one)));
    // All or none, as in a VPC.
    if (unknown.length > 0) throw new AwsError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
    cell.rules = cell.rules.filter((rule: GroupRule) => !gone.some((one) => isSame(rule, one)));
    return { Return: true };
  }

  function authorize(request: Request, egress: boolean): object {
    const { input } = request;
    const cell = group(request, input.GroupId);
    const added = rulesIn(input.IpPermissions, egress);
    if (added.some((one) => cell.rules.some((rule: GroupRule) => isSame(rule, one))))
      throw new AwsError('InvalidPermission.Duplicate', 'The specified rule already exists');
    const tags = Object.fromEntries(
      (input.TagSpecifications?.[0]?.Tags ?? []).map(({ Key, Value }: Record<string, string>) => [Key, Value]),
    );
    for (const rule of added) {
      made += 1;
      cell.rules.push({ ...rule, id: `sgr-new-${made}`, tags });
    }
    return { Return: true };
  }
}

type Source = Omit<GroupRule, 'id' | 'tags'>;

const rulesIn = (permissions: readonly Permission[], egress: boolean): readonly Source[] =>
  permissions.flatMap(({ IpProtocol, FromPort = -1, ToPort = -1, IpRanges = [] }) =>
    IpRanges.map(({ CidrIp, Description }) => ({
      egress,
      protocol: IpProtocol,
      from: FromPort,
      to: ToPort,
      ipv4: CidrIp,
      ...(Description !== undefined && { description: Description }),
    })),
  );

const isSame = (a: Source, b: Source): boolean =>
  a.egress === b.egress && a.protocol === b.protocol && a.from === b.from && a.to === b.to && a.ipv4 === b.ipv4;

const described = (GroupId: string, { id, egress, protocol, from, to, ipv4, description, tags }: GroupRule) => ({
  SecurityGroupRuleId: id,
  GroupId,
  IsEgress: egress,
  IpProtocol: protocol,
  FromPort: from,
  ToPort: to,
  CidrIpv4: ipv4,
  ...(description !== undefined && { Description: description }),
  Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
});
