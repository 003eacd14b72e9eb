import {
  type AutoAcceptSharedAttachmentsValue,
  DescribeTransitGatewaysCommand,
  EC2Client,
  ModifyTransitGatewayCommand,
} from '@aws-sdk/client-ec2';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { defineRule, notFound } from '../rule';
import { transitGateway } from './transit-gateway/resource';

/** Whether it automatically accepts attachments; if so, `status` is any status other than available. */
type State = { readonly owner: string; readonly automatic: boolean; readonly status?: string };

export default defineRule({
  id: 'ec2-transit-gateway-attachments-accepted',
  title: 'Transit gateways do not automatically accept attachments of other accounts',
  why: 'With automatic acceptance, every account that a transit gateway is shared with can connect a VPC to the networks behind it, without a review.',
  impact: 'Existing attachments stay. From now on, the owner of the transit gateway must accept each new attachment of another account.',
  severity: 'high',
  risk: 'disruptive',
  resource: transitGateway,
  independentUndo: true,
  property: 'AutoAcceptSharedAttachments',
  detectedBy: { securityHub: ['EC2.23'], config: ['ec2-transit-gateway-auto-vpc-attach-disabled'] },
  permissions: {
    // IAM offers no resource-level permission for it.
    inspect: { actions: ['ec2:DescribeTransitGateways'], on: '*' },
    change: { actions: ['ec2:ModifyTransitGateway'], on: 'arn:{partition}:ec2:{region}:{account}:transit-gateway/*' },
  },
  clients: [EC2Client],
  commands: [ModifyTransitGatewayCommand],
  settle: 600,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const answer = await undefinedOn(
      ['InvalidTransitGatewayID.NotFound', 'InvalidTransitGatewayID.Malformed'],
      aws.send(new DescribeTransitGatewaysCommand({ TransitGatewayIds: [id] })),
    );
    const [found] = answer?.TransitGateways ?? [];
    // Deleted transit gateways are listed for a while.
    if (!found || found.State === 'deleting' || found.State === 'deleted') return notFound;
    const { OwnerId: owner = '', Options, State: status = 'unknown' } = found;
    if (Options?.AutoAcceptSharedAttachments !== 'enable') return { owner, automatic: false };
    return { owner, automatic: true, ...(status !== 'available' && { status }) };
  },

  plan({ id, account }, { owner, automatic, status }) {
    if (!automatic) return [];
    if (owner !== account)
      return {
        unfixable: `The transit gateway ${id} belongs to account ${owner}, and only that account can change it.`,
        code: 'owned-by-other-account',
      };
    if (status !== undefined)
      return { blocked: `The transit gateway is ${status}. Amazon EC2 accepts changes when it is available.`, code: 'being-modified' };
    return [{ do: acceptance(id, 'disable'), undo: acceptance(id, 'enable') }];
  },

  list: async ({ account }, aws) =>
    collect(
      (NextToken) => aws.send(new DescribeTransitGatewaysCommand({ MaxResults: 1000, NextToken })),
      ({ TransitGateways = [] }) =>
        TransitGateways.flatMap(({ TransitGatewayId, OwnerId }) => (TransitGatewayId && OwnerId === account ? TransitGatewayId : [])),
      ({ NextToken }) => NextToken,
    ),
});

const acceptance = (TransitGatewayId: string, AutoAcceptSharedAttachments: AutoAcceptSharedAttachmentsValue) =>
  new ModifyTransitGatewayCommand({ TransitGatewayId, Options: { AutoAcceptSharedAttachments } });
