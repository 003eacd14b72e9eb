import { deepStrictEqual as equal, match, ok } from 'node:assert';
import { DescribeTableCommand, GetResourcePolicyCommand } from '@aws-sdk/client-dynamodb';
import { names } from '../../infra/names';
import { type Recorded, recorded } from './findings';
import { added, becomeSecondVersion } from './second-version';
import type { Stage } from './stage';

/** A second version deploys over the first, and keeps what is in the log. */
export async function becomeNext({ assembly, checks, cdk, dynamo }: Stage): Promise<void> {
  console.log('The next version');
  const before = await recorded(dynamo);
  becomeSecondVersion(assembly);
  await checks.step('cdk deploy --all: an index and a statement more on the table of the log', () => cdk.deploy(assembly));
  await checks.check('the table has both, and every event that it had', async () => {
    const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: names.log }));
    ok(
      Table?.GlobalSecondaryIndexes?.some(({ IndexName }) => IndexName === added.index),
      'no index',
    );
    const { Policy = '' } = await dynamo.send(new GetResourcePolicyCommand({ ResourceArn: Table?.TableArn }));
    match(Policy, new RegExp(added.sid));
    // The functions go on writing meanwhile.
    const keyOf = ({ trail, sequence }: Recorded) => `${trail} ${sequence}`;
    const had = new Set(before.map(keyOf));
    equal(
      (await recorded(dynamo)).filter((one) => had.has(keyOf(one))),
      before,
    );
  });
}
