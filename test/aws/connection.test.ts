import { CreateFlowLogsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { connect } from '../../functions/aws/connection';

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
