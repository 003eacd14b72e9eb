import { DeletePublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import { connect } from '../../functions/aws/connection';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();

it('a command can be sent more than once', async () => {
  const { account, region, credentials } = await emulator.account();
  const aws = connect([S3ControlClient], { region, credentials });
  const command = new DeletePublicAccessBlockCommand({ AccountId: account });
  const first = await aws.send(command);
  const second = await aws.send(command);
  expect(second.$metadata.httpStatusCode).toBe(first.$metadata.httpStatusCode);
});
