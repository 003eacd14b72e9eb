import {
  CreateTransitGatewayCommand,
  DescribeTransitGatewaysCommand,
  type TransitGateway,
  type TransitGatewayRequestOptions,
} from '@aws-sdk/client-ec2';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import rule from '../../../rules/ec2/transit-gateway-attachments-accepted';
import { type Aws, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    'a transit gateway that takes every attachment': {
      seed: gatewayWith({ AutoAcceptSharedAttachments: 'enable', DnsSupport: 'disable', VpnEcmpSupport: 'disable' }),
      async fixed(world, id) {
        const { TransitGateways = [] } = await world.send(new DescribeTransitGatewaysCommand({ TransitGatewayIds: [id] }));
        const options = { AutoAcceptSharedAttachments: 'disable', DnsSupport: 'disable', VpnEcmpSupport: 'disable' };
        expect(TransitGateways).toMatchObject([{ Description: 'between the sites', Options: options }]);
      },
    },
  },
  compliant: { 'a transit gateway that waits for its owner': { seed: gatewayWith({ AutoAcceptSharedAttachments: 'disable' }) } },
  missing: 'tgw-0123456789abcdef0',
});

const resource = {
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
  type: 'AWS::EC2::TransitGateway',
  id: 'tgw-0a',
  arn: 'arn:aws:ec2:eu-west-1:123456789012:transit-gateway/tgw-0a',
};
const usual: TransitGateway = {
  TransitGatewayId: 'tgw-0a',
  OwnerId: '123456789012',
  State: 'available',
  Options: { AutoAcceptSharedAttachments: 'enable' },
};
const answering = (...TransitGateways: readonly TransitGateway[]) => ({ send: async () => ({ TransitGateways }) }) as unknown as Aws;

describe('the plan', () => {
  const plan = async (gateway: TransitGateway) => {
    const state = await rule.inspect(resource, answering({ ...usual, ...gateway }));
    if (state === notFound) return 'gone';
    const changes = rule.plan(resource, state, { parameters: {}, detectedBy: 'EC2.23', now: new Date(0) });
    return isChanges(changes) ? changes.map(loggedChange) : changes;
  };

  it('changes nothing but the acceptance', async () => {
    expect(await plan({})).toEqual([
      {
        do: expect.objectContaining({ input: { TransitGatewayId: 'tgw-0a', Options: { AutoAcceptSharedAttachments: 'disable' } } }),
        undo: expect.objectContaining({ input: { TransitGatewayId: 'tgw-0a', Options: { AutoAcceptSharedAttachments: 'enable' } } }),
      },
    ]);
  });

  it('is refused for a transit gateway of another account', async () => {
    expect(await plan({ OwnerId: '999999999999' })).toEqual({
      unfixable: expect.stringContaining('account 999999999999'),
      code: 'owned-by-other-account',
    });
  });

  it.each(['pending', 'modifying'] as const)('waits while a transit gateway is %s', async (State) => {
    expect(await plan({ State })).toEqual({ blocked: expect.stringContaining(State), code: 'being-modified' });
    expect(await plan({ State, Options: { AutoAcceptSharedAttachments: 'disable' } })).toEqual([]);
  });

  it.each(['deleting', 'deleted'] as const)('finds no transit gateway where one is %s', async (State) => {
    expect(await plan({ State })).toBe('gone');
  });
});

it('lists the transit gateways of all pages, but for those that other accounts share', async () => {
  const pages: Record<string, object> = {
    first: { TransitGateways: [usual, { ...usual, TransitGatewayId: 'tgw-0b', OwnerId: '999999999999' }], NextToken: 'second' },
    second: { TransitGateways: [{ ...usual, TransitGatewayId: 'tgw-0c' }] },
  };
  const aws = { send: async ({ input }: { input: { NextToken?: string } }) => pages[input.NextToken ?? 'first'] } as unknown as Aws;
  expect(await rule.list?.(resource, aws)).toEqual(['tgw-0a', 'tgw-0c']);
});

function gatewayWith(Options: TransitGatewayRequestOptions) {
  return async (world: World): Promise<string> => {
    const { TransitGateway } = await world.send(new CreateTransitGatewayCommand({ Description: 'between the sites', Options }));
    return TransitGateway?.TransitGatewayId ?? '';
  };
}
