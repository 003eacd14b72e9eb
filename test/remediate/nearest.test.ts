import { DeletePublicAccessBlockCommand, PutBucketOwnershipControlsCommand } from '@aws-sdk/client-s3';
import { leaseKey } from '../../functions/coordination/lease-key';
import { isChanges } from '../../functions/plan/change';
import type { Aws, AwsCommand, Rule } from '../../rules/rule';
import { useBench } from '../contract/bench';
import { nearlyKept } from './nearly-kept';
import { badBucket, fix } from './setup';

const isLast = ({ do: command }: { readonly do: AwsCommand }) => Number(command instanceof PutBucketOwnershipControlsCommand);

const rule: Rule = {
  ...nearlyKept,
  plan(resource, state, context) {
    const plan = nearlyKept.plan(resource, state, context);
    return isChanges(plan) ? plan.toSorted((one, other) => isLast(one) - isLast(other)) : plan;
  },
};
const bench = useBench(rule, {});

/** The last change of three fails, and the others are to be reverted. */
async function failLast(isIgnored: (command: AwsCommand) => boolean) {
  const world = await bench.world();
  const { finding, resource } = bench.finding(world, await badBucket(world));
  const connect = (place: object): Aws => {
    const aws = bench.connect(place as never);
    const send = async (command: AwsCommand) => {
      if (command instanceof PutBucketOwnershipControlsCommand)
        throw Object.assign(new Error('by the test'), { name: 'InvalidRequest', $fault: 'client' });
      return isIgnored(command) ? {} : aws.send(command);
    };
    return { send: send as Aws['send'] };
  };
  const result = await bench.handle(finding, fix, { connect });
  return {
    result,
    state: await rule.inspect(resource, bench.connect(resource)),
    open: await bench.openRemediations.find(rule.id, leaseKey(rule, resource)),
  };
}

describe('a failed fix that can be reverted only to the nearest state', () => {
  it('stays open while an undo that AWS accepted is not in effect', async () => {
    const { result, state, open } = await failLast((command) => command instanceof DeletePublicAccessBlockCommand);
    expect(state).toMatchObject({ blocked: true, versioned: false });
    expect(result).toMatchObject({
      outcome: 'incomplete',
      reason: expect.stringMatching(/In effect: s3:PutPublicAccessBlock; not made: .*s3:PutBucketVersioning/),
    });
    expect(open).toMatchObject({ remediation: result.remediation });
  });

  it('has failed once the undos are seen', async () => {
    const { result, state, open } = await failLast(() => false);
    expect(state).toMatchObject({ blocked: false, versioned: false });
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(open).toBeUndefined();
  });
});
