import { IAMClient } from '@aws-sdk/client-iam';
import { AddPermissionCommand, type AddPermissionCommandInput, GetPolicyCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { rollback } from '../../functions/rollback/rollback';
import rule from '../../rules/lambda/function-policy-not-public';
import type { Aws, AwsCommand, Rule } from '../../rules/rule';
import { useBench } from '../contract/bench';
import { fix } from '../remediate/setup';
import { newFunction } from '../rules/lambda/new-function';

const bench = useBench(rule as unknown as Rule, { clients: [IAMClient, S3Client] });

const grant = (FunctionName: string, StatementId: string): AddPermissionCommandInput => ({
  FunctionName,
  StatementId,
  Principal: '*',
  Action: 'lambda:InvokeFunction',
});

/** A fix of two public statements, whose rollback died after the first of its commands. */
async function halfUndone() {
  const world = await bench.world();
  const id = await newFunction(world);
  for (const name of ['one', 'two']) await world.send(new AddPermissionCommand(grant(id, name)));
  const { finding, resource } = bench.finding(world, id);
  const { remediation } = await bench.handle(finding, fix);
  const sent: AwsCommand[] = [];
  const dying: Aws = {
    send: (async (command: AwsCommand) => {
      if (sent.length > 0) throw Object.assign(new Error('dead'), { name: 'AccessDeniedException' });
      if (command instanceof AddPermissionCommand) sent.push(command);
      return bench.connect(resource).send(command);
    }) as Aws['send'],
  };
  await rollback({ remediation, force: false }, { ...bench.rollbackTools(resource), aws: dying }).catch(() => undefined);
  const ids = async () => {
    const { Policy = '' } = await world.send(new GetPolicyCommand({ FunctionName: id }));
    return (JSON.parse(Policy) as { readonly Statement: readonly { readonly Sid: string }[] }).Statement.map(({ Sid }) => Sid).sort();
  };
  const undo = (force: boolean) => rollback({ remediation, force }, bench.rollbackTools(resource));
  const report = () => bench.handle(finding, fix);
  return { world, id, ids, undo, report };
}

describe('a rollback that was interrupted between two commands that AWS refuses to repeat', () => {
  it('is completed with the commands that are left', async () => {
    const { ids, undo } = await halfUndone();
    expect(await ids()).toHaveLength(1);
    expect(await undo(false)).toMatchObject({ outcome: 'rollback-failed', reason: expect.stringContaining('a rollback was interrupted') });
    expect(await undo(true)).toMatchObject({ outcome: 'rolled-back' });
    expect(await ids()).toEqual(['one', 'two']);
  });

  it('is completed after a report, too, which does not fix again what is undone', async () => {
    const { ids, undo, report } = await halfUndone();
    expect(await report()).toMatchObject({ outcome: 'incomplete', reason: expect.stringContaining('Repeat the rollback') });
    expect(await ids()).toHaveLength(1);
    expect(await undo(false)).toMatchObject({ outcome: 'rollback-failed', reason: expect.stringContaining('a rollback was interrupted') });
    expect(await undo(true)).toMatchObject({ outcome: 'rolled-back' });
    expect(await ids()).toEqual(['one', 'two']);
  });

  it('reverts again what somebody has fixed since', async () => {
    const { world, id, ids, undo } = await halfUndone();
    const [back = ''] = await ids();
    await world.send(new RemovePermissionCommand({ FunctionName: id, StatementId: back }));
    expect(await undo(true)).toMatchObject({ outcome: 'rolled-back' });
    expect(await ids()).toEqual(['one', 'two']);
  });
});
