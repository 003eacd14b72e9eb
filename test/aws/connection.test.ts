import { CreateFlowLogsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { connect, connections } from '../../functions/aws/connection';
import { mockClient } from '../emulator/models/mock-client';

const ec2 = mockClient(EC2Client);
const aws = connect([EC2Client], { region: 'eu-west-1', credentials: { accessKeyId: 'key', secretAccessKey: 'secret' } });
const command = () => new CreateFlowLogsCommand({ ResourceType: 'VPC', ResourceIds: ['vpc-0a'] });
afterAll(() => ec2.restore());

it('an answer that lists what was not done is an error', async () => {
  ec2.on(CreateFlowLogsCommand).resolves({ Unsuccessful: [{ ResourceId: 'vpc-0a', Error: { Code: '400', Message: 'No such bucket.' } }] });
  await expect(aws.send(command())).rejects.toThrow('No such bucket. (vpc-0a)');
});

it('any other answer is given as it is', async () => {
  ec2.on(CreateFlowLogsCommand).resolves({ FlowLogIds: ['fl-0a'], Unsuccessful: [] });
  expect(await aws.send(command())).toEqual({ FlowLogIds: ['fl-0a'], Unsuccessful: [] });
});

describe('a connection that is closed', () => {
  const destroyed = jest.spyOn(EC2Client.prototype, 'destroy');
  beforeEach(() => destroyed.mockClear());
  afterAll(() => destroyed.mockRestore());

  it('destroys its clients, and works again for whoever still has it', async () => {
    ec2.on(CreateFlowLogsCommand).resolves({ FlowLogIds: ['fl-0a'] });
    const own = connect([EC2Client], { region: 'eu-west-1' });
    await own.send(command());
    expect(destroyed).not.toHaveBeenCalled();
    own.close();
    expect(destroyed).toHaveBeenCalledTimes(1);
    expect(await own.send(command())).toEqual({ FlowLogIds: ['fl-0a'] });
    expect(destroyed).toHaveBeenCalledTimes(2);
  });

  it.each(['answered', 'refused'])('destroys nothing while a call is under way, and all once it is %s', async (how) => {
    let answer = () => {};
    const pending = new Promise<void>((resolve) => {
      answer = resolve;
    });
    ec2.on(CreateFlowLogsCommand).callsFake(async () => {
      await pending;
      if (how === 'refused') throw new Error(how);
      return { FlowLogIds: [] };
    });
    const own = connect([EC2Client], { region: 'eu-west-1' });
    const sent = own.send(command()).catch((error: Error) => error.message);
    own.close();
    expect(destroyed).not.toHaveBeenCalled();
    answer();
    await sent;
    expect(destroyed).toHaveBeenCalledTimes(1);
  });
});

describe('the connections of a function instance', () => {
  const asked: string[] = [];
  const connectTo = connections([EC2Client], ({ account }) => async () => {
    asked.push(account);
    return { accessKeyId: 'key', secretAccessKey: 'secret' };
  });
  const at = (account: number) => connectTo({ partition: 'aws', account: String(account), region: 'eu-west-1' });

  it('are kept of the twenty places that were used last; one that goes is closed', () => {
    const destroyed = jest.spyOn(EC2Client.prototype, 'destroy');
    const first = at(0);
    for (let account = 1; account < 20; account += 1) at(account);
    expect(at(0)).toBe(first);
    const second = at(1);
    expect(at(0)).toBe(first);
    for (let account = 20; account < 38; account += 1) at(account);
    expect(destroyed).toHaveBeenCalledTimes(18);
    expect([at(0), at(1)]).toEqual([first, second]);
    at(38);
    expect(destroyed).toHaveBeenCalledTimes(19);
    destroyed.mockRestore();
  });

  it('are one for each region of an account', () => {
    expect(connectTo({ partition: 'aws', account: '0', region: 'eu-west-2' })).not.toBe(at(0));
  });

  it('have their credentials asked for at once', () => {
    asked.length = 0;
    at(7);
    expect(asked).toEqual(['7']);
  });
});
