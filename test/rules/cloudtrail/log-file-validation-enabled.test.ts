import { DescribeTrailsCommand, GetTrailCommand } from '@aws-sdk/client-cloudtrail';
import { S3Client } from '@aws-sdk/client-s3';
import rule from '../../../rules/cloudtrail/log-file-validation-enabled';
import { trail } from '../../../rules/cloudtrail/trail/resource';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { ofOrganizationAlone, trailWith } from './new-trail';

describeRule(rule, {
  clients: [S3Client],
  violations: {
    'a trail without signatures': { seed: trailWith({}) },
    'a trail of all regions, with a prefix': {
      seed: trailWith({ IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, S3KeyPrefix: 'audit' }),
      async fixed(world, Name) {
        const { Trail } = await world.send(new GetTrailCommand({ Name }));
        expect(Trail).toMatchObject({ IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, S3KeyPrefix: 'audit' });
      },
    },
    'a trail of the organization, in the account that owns it': { seed: trailWith({ IsOrganizationTrail: true }) },
    'a trail beside the copy of another of its name': {
      async seed(world) {
        await trailWith({ IsMultiRegionTrail: true, EnableLogFileValidation: true }, 'namesake')(world.in('us-east-1'));
        return trailWith({}, 'namesake')(world);
      },
    },
  },
  compliant: {
    'a trail with signatures': { seed: trailWith({ EnableLogFileValidation: true }) },
    'the copy of a trail with signatures': {
      seed: (world) => trailWith({ EnableLogFileValidation: true, IsMultiRegionTrail: true })(world.in('us-east-1')),
    },
  },
  obstacles: {
    'the copy of a trail of another region': {
      seed: (world) => trailWith({ IsMultiRegionTrail: true })(world.in('us-east-1')),
      outcome: 'unfixable',
      reason: /shadow trail of arn:aws:cloudtrail:us-east-1:/,
    },
  },
  missing: 'no-such-trail',
  unexercised: ofOrganizationAlone,
});

describe("a member account's copy of a trail of its organization", () => {
  const resource = {
    type: trail.type,
    id: 'audit',
    arn: 'arn:aws:cloudtrail:eu-west-1:111111111111:trail/audit',
    partition: 'aws',
    account: '111111111111',
    region: 'eu-west-1',
  };
  const original = 'arn:aws:cloudtrail:us-east-1:999999999999:trail/audit';
  const answering = (LogFileValidationEnabled: boolean): Aws => ({
    async send<Output>(command: AwsCommand<Output>) {
      expect(command).toBeInstanceOf(DescribeTrailsCommand);
      const copy = { Name: 'audit', TrailARN: original, HomeRegion: 'us-east-1', IsOrganizationTrail: true, LogFileValidationEnabled };
      return { trailList: [{ Name: 'other', TrailARN: resource.arn.replace('audit', 'other') }, copy] } as Output;
    },
  });
  const planned = async (validated: boolean) => {
    const state = await rule.inspect(resource, answering(validated));
    if (state === notFound) throw new Error('It is gone.');
    return rule.plan(resource, state, { parameters: {}, detectedBy: 'CloudTrail.4', now: new Date() });
  };

  it('is left to the account that owns it', async () => {
    const unfixable = expect.stringMatching(
      /organization trail arn:aws:cloudtrail:us-east-1:999999999999:trail\/audit, which only account 999999999999 can change, in us-east-1/,
    );
    expect(await planned(false)).toEqual({ unfixable, code: 'organization-trail' });
  });

  it('is compliant where its owner has turned signatures on', async () => {
    expect(await planned(true)).toEqual([]);
  });
});
