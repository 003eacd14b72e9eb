import {
  BedrockAgentCoreControlClient,
  CreateAgentRuntimeCommand,
  GetAgentRuntimeCommand,
  UpdateAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand, EC2Client, type Filter } from '@aws-sdk/client-ec2';
import { runtime } from '../../../rules/bedrockagentcore/runtime/resource';
import rule from '../../../rules/bedrockagentcore/runtime-in-vpc';
import { type Aws, type Change, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';

// moto leaves a runtime that was changed in UPDATING.
standIn(BedrockAgentCoreControlClient, async (command, send) => {
  const answer = await send(command);
  return command instanceof GetAgentRuntimeCommand ? { ...answer, status: 'READY' } : answer;
});

// A parameter can't name what the emulator is yet to name.
const vpcs: Readonly<Record<string, string>> = {
  'subnet-0123456789abcdef0': 'vpc-0a',
  'sg-0123456789abcdef0': 'vpc-0a',
  'subnet-0fedcba9876543210': 'vpc-0b',
};
standIn(EC2Client, async (command) => {
  const { Filters: [{ Values = [] } = {}] = [], NextToken } = command.input as { Filters?: readonly Filter[]; NextToken?: string };
  // One on a page.
  const [id, next] = Values.filter((value) => value in vpcs).slice(Number(NextToken ?? 0));
  const found = id ? [{ VpcId: vpcs[id] }] : [];
  const Subnets = found.map((one) => ({ ...one, SubnetId: id }));
  return {
    Subnets,
    SecurityGroups: found.map((one) => ({ ...one, GroupId: id })),
    ...(next && { NextToken: String(Number(NextToken ?? 0) + 1) }),
  };
});

const parameters = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
const vpc = {
  networkMode: 'VPC' as const,
  networkModeConfig: { subnets: parameters.subnetIds, securityGroups: parameters.securityGroupIds },
};

describeRule(rule, {
  parameters,
  violations: {
    'a runtime in a public network': {
      seed: newRuntime({ networkMode: 'PUBLIC' }),
      fixed: async (world, id) =>
        expect(await runtimeOf(world, id)).toMatchObject({
          networkConfiguration: vpc,
          description: 'Sells shoes',
          environmentVariables: { TOKEN: 'only-for-tests' },
          lifecycleConfiguration: { maxLifetime: 3600 },
          protocolConfiguration: { serverProtocol: 'MCP' },
          roleArn: `arn:aws:iam::${world.account}:role/agent`,
        }),
      rolledBack: async (world, id) =>
        expect(await runtimeOf(world, id)).toMatchObject({
          networkConfiguration: { networkMode: 'PUBLIC' },
          environmentVariables: { TOKEN: 'only-for-tests' },
        }),
    },
  },
  compliant: { 'a runtime in a VPC': { seed: newRuntime(vpc) } },
  obstacles: {
    'no subnets to move to': {
      seed: newRuntime({ networkMode: 'PUBLIC' }),
      parameters: { subnetIds: [] },
      outcome: 'not-configured',
    },
    'a subnet that is not there': {
      seed: newRuntime({ networkMode: 'PUBLIC' }),
      parameters: { subnetIds: ['subnet-0123456789abcdef0', 'subnet-0aaaaaaaaaaaaaaaa'] },
      outcome: 'unfixable',
      reason: /subnet-0aaaaaaaaaaaaaaaa does not exist in this account and Region/,
    },
    'a security group that is not there': {
      seed: newRuntime({ networkMode: 'PUBLIC' }),
      parameters: { securityGroupIds: ['sg-0aaaaaaaaaaaaaaaa'] },
      outcome: 'unfixable',
      reason: /sg-0aaaaaaaaaaaaaaaa does not exist/,
    },
    'a subnet of another VPC': {
      seed: newRuntime({ networkMode: 'PUBLIC' }),
      parameters: { subnetIds: ['subnet-0123456789abcdef0', 'subnet-0fedcba9876543210'] },
      outcome: 'unfixable',
      reason: /more than one VPC \(vpc-0a, vpc-0b\)/,
    },
  },
  missing: 'nosuchruntime-0123456789',
  unexercised: {
    'iam:CreateServiceLinkedRole': 'AWS asks for it where a runtime is the first of the account in a VPC.',
  },
});

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const resource = {
  ...place,
  type: runtime.type,
  id: 'shop-0123456789',
  arn: 'arn:aws:bedrock-agentcore:eu-west-1:111122223333:runtime/shop-0123456789',
};
/** A runtime as AgentCore shows it, and the VPC of the parameters. */
const agentOf = (shown: object) =>
  ({
    async send(command: object) {
      if (command instanceof DescribeSubnetsCommand) return { Subnets: [{ SubnetId: parameters.subnetIds[0], VpcId: 'vpc-0a' }] };
      if (command instanceof DescribeSecurityGroupsCommand)
        return { SecurityGroups: [{ GroupId: parameters.securityGroupIds[0], VpcId: 'vpc-0a' }] };
      return shown;
    },
  }) as unknown as Aws;
const context = { parameters, detectedBy: 'BedrockAgentCore.1', now: new Date(0) };
const seen = (status: string, networkMode = 'PUBLIC') =>
  rule.inspect(resource, agentOf({ status, networkConfiguration: { networkMode } }), parameters);

it.each(['CREATING', 'UPDATING'])('waits while a runtime is %s', async (status) => {
  expect(planOf(rule, resource, await seen(status), context)).toEqual({ blocked: expect.stringContaining(status), code: 'being-modified' });
  expect(await seen(status, 'VPC')).toEqual({ mode: 'VPC' });
});

it('tries again where an update failed', async () => {
  expect(planOf(rule, resource, await seen('UPDATE_FAILED'), context)).toHaveLength(1);
});

it('takes a runtime that is being deleted for gone', async () => {
  expect(await seen('DELETING')).toBe(notFound);
});

it('keeps environment variables out of state and plan', async () => {
  const shown = { status: 'READY', networkConfiguration: { networkMode: 'PUBLIC' }, environmentVariables: { A: 'secret' } };
  const state = await rule.inspect(resource, agentOf(shown), parameters);
  expect(JSON.stringify([state, planOf(rule, resource, state, context)])).not.toContain('secret');
});

it('changes nothing where somebody has moved the runtime since', async () => {
  const [change] = rule.plan(resource, { mode: 'PUBLIC' }, context) as readonly Change[];
  const stack = { concat: () => ({ resolve: () => async () => ({ output: { networkConfiguration: vpc } }) }) };
  const update = jest.spyOn(UpdateAgentRuntimeCommand.prototype, 'resolveMiddleware');
  await expect(change?.do.resolveMiddleware(stack as never, { requestHandler: {} } as never)({} as never)).rejects.toThrow(
    'changed from PUBLIC to VPC since the inspection',
  );
  expect(update).not.toHaveBeenCalled();
  update.mockRestore();
});

it('lists the runtimes of all pages', async () => {
  const aws = {
    async send({ input }: { input: { nextToken?: string } }) {
      return input.nextToken
        ? { agentRuntimes: [{ agentRuntimeId: 'b' }] }
        : { agentRuntimes: [{ agentRuntimeId: 'a' }], nextToken: 'more' };
    },
  } as never;
  expect(await rule.list?.(place, aws)).toEqual(['a', 'b']);
});

function newRuntime(networkConfiguration: { readonly networkMode: 'PUBLIC' | 'VPC' }) {
  return async (world: World): Promise<string> => {
    const { agentRuntimeId = '' } = await world.send(
      new CreateAgentRuntimeCommand({
        agentRuntimeName: `shop${Math.random().toString(36).slice(2)}`,
        agentRuntimeArtifact: { containerConfiguration: { containerUri: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:1' } },
        roleArn: `arn:aws:iam::${world.account}:role/agent`,
        networkConfiguration,
        description: 'Sells shoes',
        environmentVariables: { TOKEN: 'only-for-tests' },
        lifecycleConfiguration: { maxLifetime: 3600 },
        protocolConfiguration: { serverProtocol: 'MCP' },
      }),
    );
    return agentRuntimeId;
  };
}

const runtimeOf = (world: World, agentRuntimeId: string) => world.send(new GetAgentRuntimeCommand({ agentRuntimeId }));
