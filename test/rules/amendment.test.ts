import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { amend, withoutQuotes } from '../../rules/amendment';

it('takes what AWS quotes of an input out of its error, except what the log has', () => {
  const sent = {
    family: 'web-shop',
    containerDefinitions: [{ environment: [{ name: 'DB_PASSWORD', value: 'hunter2-hunter2' }] }],
    short: 'a',
  };
  const message = "1 validation error: Value 'hunter2-hunter2' of a container in web-shop failed to satisfy a constraint";
  expect(withoutQuotes(message, sent, { family: 'web-shop' })).toBe(
    "1 validation error: Value '…' of a container in web-shop failed to satisfy a constraint",
  );
});

it('takes the longer of two texts first, so that nothing of it is left', () => {
  expect(withoutQuotes('got secret-secret-2', { a: 'secret-secret', b: 'secret-secret-2' }, {})).toBe('got …');
});

it('asks another service by the connection that sends it alone', async () => {
  const Amended = amend<{ readonly DBInstanceIdentifier: string }>(ModifyDBInstanceCommand, async (input, aws) => {
    await aws.send(new DescribeVpcsCommand({}));
    return new ModifyDBInstanceCommand(input);
  });
  const client = new RDSClient({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  await expect(client.send(new Amended({ DBInstanceIdentifier: 'orders' }) as ModifyDBInstanceCommand)).rejects.toThrow(
    'com.amazonaws.ec2 is another service, and the command is not sent by a connection.',
  );
  client.destroy();
});
