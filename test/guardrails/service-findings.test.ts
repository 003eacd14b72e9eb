import type { Rule } from '../../rules/rule';
import { resources } from '../events/resources';
import { accessAnalyzerFinding, guardDutyFinding, macieFinding } from '../events/service-finding';
import { badBucket, isKept } from './bucket';
import { approvers, plantedRule, unbounded, useCentral } from './central';

const { open } = useCentral();
const policy = { ...unbounded, approvals: { fourEyes: false, approvers } };
const type = 'Policy:S3/BucketBlockPublicAccessDisabled';
const rule: Rule = {
  ...plantedRule,
  detectedBy: {
    ...plantedRule.detectedBy,
    guardDuty: { types: [type] },
    macie: ['Policy:IAMUser/S3BucketPublic'],
    accessAnalyzer: ['PublicAccess/AWS::S3::Bucket'],
  },
};

async function attacked(mode: 'fix' | 'ask') {
  const central = await open({ rules: [rule] });
  await central.deploy({ ...policy, modes: { default: mode } });
  const name = await badBucket(central.account);
  const { account, region } = central.account;
  const about = { account, region, resource: { ...resources().bucket, arn: `arn:aws:s3:::${name}` } };
  return {
    central,
    name,
    events: {
      guardduty: guardDutyFinding({ ...about, type }),
      macie: macieFinding({ ...about, type: 'Policy:IAMUser/S3BucketPublic' }),
      'access-analyzer': accessAnalyzerFinding(about),
    },
  };
}

describe.each(['guardduty', 'macie', 'access-analyzer'] as const)('a finding of %s', (source) => {
  it('is fixed, logged with its source and type, and no detector is asked or told', async () => {
    const { central, name, events } = await attacked('fix');
    const [result] = (await central.send(events[source], rule)).results;
    expect(result).toMatchObject({ outcome: 'fixed' });
    expect(await isKept(central.account, name)).toBe(true);
    const trail = await central.trail(result?.remediation ?? '');
    expect(trail.map(({ kind }) => kind)).toEqual(['planned', 'verified']);
    for (const event of trail) expect(event).toMatchObject({ source, detectedBy: expect.stringMatching(/^(Policy|PublicAccess)/) });
    expect(await central.looks()).toEqual([]);
    expect(central.emulator.gateway.securityHubV2.updates).toEqual([]);
  });

  it('waits for an approval, whose message is read as the event was', async () => {
    const { central, name, events } = await attacked('ask');
    const [asked] = (await central.send(events[source], rule)).results;
    expect(asked).toMatchObject({ outcome: 'awaiting-approval' });
    expect(await central.order({ order: 'approve', remediation: asked?.remediation ?? '' })).toMatchObject({ statusCode: 200, done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation: asked?.remediation }]);
    expect(await isKept(central.account, name)).toBe(true);
  });
});

it('reports of several services about one fault are one remediation, and nothing is changed twice', async () => {
  const { central, events } = await attacked('fix');
  const results = [];
  for (const event of Object.values(events)) results.push(...(await central.send(event, rule)).results);
  expect(results.map(({ outcome }) => outcome)).toEqual(['fixed', 'already-compliant', 'already-compliant']);
});

it('a response that was released responds again only after an approval, and says so', async () => {
  const response: Rule = { ...rule, response: true };
  const central = await open({ rules: [response] });
  await central.deploy({ ...policy, responses: { clauses: [{ mode: 'fix', rules: [response.id] }] } });
  const name = await badBucket(central.account);
  const { account, region } = central.account;
  const event = guardDutyFinding({ account, region, type, resource: { ...resources().bucket, arn: `arn:aws:s3:::${name}` } });
  const [contained] = (await central.send(event, response)).results;
  expect(contained).toMatchObject({ outcome: 'fixed' });
  const { remediation = '' } = contained ?? {};
  const reply = await central.order({ order: 'rollback', remediation, why: 'a false alarm' });
  expect(reply).toMatchObject({ done: true, reason: expect.stringContaining('only after an approval, until ') });
  expect(await central.delivered()).toMatchObject([
    {
      outcome: 'rolled-back',
      reason: expect.stringContaining('The rule responds to further findings about the resource only after an approval'),
    },
  ]);
  const [again] = (await central.send(event, response)).results;
  expect(again).toMatchObject({ outcome: 'awaiting-approval', reason: expect.stringContaining('released or rejected it before') });
  expect(await isKept(central.account, name)).toBe(false);
});
