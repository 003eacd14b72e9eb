import { instantOf } from '../../functions/sources/inspector/instant';
import { readEvent } from '../../functions/sources/read-event';
import { readMessage } from '../../functions/sources/read-message';
import { eventPatterns } from '../../infra/route/event-pattern';
import { instance } from '../../rules/ec2/instance/resource';
import { matches } from '../emulator/event-pattern';
import { home, resources } from '../events/resources';
import { inspectorFinding } from '../events/service-finding';
import * as fc from '../fast-check';
import { kinds, type Sought } from './sought';

const type = 'PACKAGE_VULNERABILITY/AWS_EC2_INSTANCE';
const rule: Sought = {
  id: 'a-rule',
  detectedBy: { securityHub: [], config: [], inspector: { types: [type], severities: ['CRITICAL', 'HIGH'] } },
  resource: instance,
};
const machine = resources().instance;
const event = inspectorFinding({ type, resource: machine });
const [pattern] = eventPatterns(rule);

/** A copy of the event with another value at the path; undefined removes it. */
function spoil(path: string, value: unknown, from: object = event): object {
  const copy = structuredClone(from);
  const keys = path.split('/');
  const parent = keys.slice(0, -1).reduce<unknown>((one, key) => Reflect.get(one as object, key), copy) as object;
  if (value === undefined) Reflect.deleteProperty(parent, keys.at(-1) ?? '');
  else Reflect.set(parent, keys.at(-1) ?? '', value);
  return copy;
}

const refused = (kind: string, code: string) => ({ findings: [], refusals: [expect.objectContaining({ kind, code })] });
const packages = 'detail/packageVulnerabilityDetails/vulnerablePackages';

describe('a finding of Inspector', () => {
  it('is a finding of the instance, without any package of it', () => {
    expect(matches(pattern, event)).toBe(true);
    expect(readEvent(rule, event, {})).toEqual({
      findings: [
        {
          ...home,
          id: event.detail.findingArn,
          source: 'inspector',
          detectedBy: type,
          resource: { kind: instance, reported: { configId: machine.arn.split('/')[1] } },
          detectedAt: '2026-11-20T09:29:00.123Z',
          sentAt: '2026-11-20T09:30:05.000Z',
        },
      ],
      refusals: [],
    });
  });

  it.each<readonly [string, object, string]>([
    ['a suppressed finding', spoil('detail/status', 'SUPPRESSED'), 'not-active'],
    ['a closed finding', spoil('detail/status', 'CLOSED'), 'not-active'],
    ['a finding of medium severity', spoil('detail/severity', 'MEDIUM'), 'other-severity'],
    ['a finding without a severity yet', spoil('detail/severity', 'UNTRIAGED'), 'other-severity'],
    ['a vulnerability without a fix', spoil('detail/fixAvailable', 'NO'), 'no-fix-available'],
    ['a vulnerability of which nobody says whether it has a fix', spoil('detail/fixAvailable', undefined), 'no-fix-available'],
    ['a package of npm', spoil(`${packages}/0/packageManager`, 'NPM'), 'no-system-package'],
    ['no package', spoil(packages, []), 'no-system-package'],
    ['no details', spoil('detail/packageVulnerabilityDetails', undefined), 'no-system-package'],
    ['a network path', spoil('detail/type', 'NETWORK_REACHABILITY'), 'other-finding-type'],
    ['code', spoil('detail/type', 'CODE_VULNERABILITY'), 'other-finding-type'],
    ...['AWS_ECR_CONTAINER_IMAGE', 'AWS_LAMBDA_FUNCTION', 'CODE_REPOSITORY', 'AZURE_VIRTUAL_MACHINE', 'GCP_COMPUTE_INSTANCE'].map(
      (other) => [other, spoil('detail/resources/0/type', other), 'other-finding-type'] as const,
    ),
  ])('is not acted on, nor routed, if it is about %s', (_, other, code) => {
    expect(readEvent(rule, other, {})).toEqual(refused('ignored', code));
    expect(matches(pattern, other)).toBe(false);
  });

  it('about a resource of another cloud is ignored whatever Region it names', () => {
    const azure = spoil('detail/resources/0/type', 'AZURE_VIRTUAL_MACHINE');
    for (const region of ['westeurope', 'Global', '', 7])
      expect(readEvent(rule, spoil('detail/resources/0/region', region, azure), {})).toEqual(refused('ignored', 'other-finding-type'));
  });

  it('with a fix for some of the packages, some of them of the operating system, is acted on', () => {
    const partly = spoil(packages, [{ packageManager: 'NPM' }, { packageManager: 'OS' }], spoil('detail/fixAvailable', 'PARTIAL'));
    expect(matches(pattern, partly)).toBe(true);
    expect(readEvent(rule, partly, {}).findings).toHaveLength(1);
  });

  it.each([
    ['account', '999999999999', 'contradictory-event'],
    ['region', 'us-east-1', 'foreign-account'],
    ['detail/awsAccountId', '999999999999', 'foreign-account'],
    ['detail/resources/0/region', 'us-east-1', 'contradictory-event'],
    ['detail/resources/0/partition', 'aws-cn', 'contradictory-event'],
    ['detail/findingArn', 'arn:aws:guardduty:eu-west-1:111122223333:finding/a', 'contradictory-event'],
    ['detail/findingArn', 'arn:aws:inspector2:us-east-1:111122223333:finding/a', 'contradictory-event'],
    ['detail/findingArn', 'arn:aws:inspector2:eu-west-1:999999999999:finding/a', 'contradictory-event'],
    ['detail/findingArn', 'arn:aws:inspector2:eu-west-1:111122223333:filter/a', 'contradictory-event'],
  ])('is rejected where %s is %s', (path, value, code) => {
    const reading = readEvent(rule, spoil(path, value), {});
    expect(reading).toEqual(refused('invalid', path === 'account' ? expect.any(String) : code));
  });

  it('of several resources is rejected if they are of different types', () => {
    const [first] = event.detail.resources;
    const mixed = spoil('detail/resources', [first, { ...first, type: 'AWS_LAMBDA_FUNCTION', id: 'a-function' }]);
    expect(readEvent(rule, mixed, {})).toEqual(refused('invalid', 'contradictory-event'));
    const two = spoil('detail/resources', [first, { ...first, id: 'i-0000000000000000b' }, first]);
    expect(readEvent(rule, two, {}).findings).toHaveLength(2);
  });

  it.each([
    'detail',
    'detail/findingArn',
    'detail/awsAccountId',
    'detail/type',
    'detail/status',
    'detail/severity',
    'detail/resources',
    'detail/resources/0/id',
    'detail/resources/0/type',
  ])('is not acted on without %s, or with another value there', (path) => {
    for (const value of [undefined, null, 7, {}, ['x'], '', '\u0000', 'x'.repeat(5000)])
      expect(readEvent(rule, spoil(path, value), {}).findings).toEqual([]);
  });

  it('is bounded: a thousand packages, ten resources', () => {
    const many = Array.from({ length: 1001 }, () => ({ packageManager: 'OS' }));
    expect(readEvent(rule, spoil(packages, many), {})).toEqual(refused('ignored', 'malformed-event'));
    const [first] = event.detail.resources;
    expect(readEvent(rule, spoil('detail/resources', Array(11).fill(first)), {})).toEqual(refused('ignored', 'malformed-event'));
  });

  it('may come from the central account, which is the administrator, and from no other', () => {
    const sent = spoil('account', '999999999999');
    expect(readEvent(rule, sent, { centralAccount: '999999999999' }).findings).toMatchObject([{ account: '111122223333' }]);
    expect(readEvent(rule, sent, { centralAccount: '888888888888' })).toEqual(refused('invalid', 'foreign-account'));
    const theirs = spoil('detail/findingArn', 'arn:aws:inspector2:eu-west-1:999999999999:finding/a', sent);
    expect(readEvent(rule, theirs, { centralAccount: '999999999999' }).findings).toMatchObject([{ account: '111122223333' }]);
  });

  it('of another partition than that of the reader is rejected', () => {
    expect(readEvent(rule, event, { partition: 'aws-us-gov' })).toEqual(refused('invalid', 'contradictory-event'));
  });

  it('is not for a rule of other finding types, and not for a rule of another type of resource', () => {
    const other: Sought = { ...rule, detectedBy: { securityHub: ['S3.8'], config: [] } };
    expect(readEvent(other, event, {})).toEqual(refused('ignored', 'other-finding-type'));
    expect(readEvent({ ...rule, resource: kinds.vpc }, event, {})).toEqual(refused('ignored', 'other-resource-type'));
  });

  it('is read again from a message of ours, whose finding must be one of Inspector', () => {
    const [{ resource, ...said } = { resource: undefined }] = readEvent(rule, event, {}).findings;
    const message = {
      finding: { ...said, resource: { type: resource?.kind.type, reported: resource?.reported } },
      number: 1,
    };
    expect(readMessage(rule, message)).toMatchObject({ finding: { source: 'inspector' } });
    const forged = { ...message, finding: { ...message.finding, id: 'arn:aws:guardduty:eu-west-1:111122223333:detector/a/finding/b' } };
    expect(readMessage(rule, forged)).toMatchObject({ refusal: { code: 'contradictory-event' } });
    const other = { ...message, finding: { ...message.finding, detectedBy: 'S3.8' } };
    expect(readMessage(rule, other)).toMatchObject({ refusal: { code: 'other-finding-type' } });
  });
});

describe('a time of Inspector', () => {
  const sentAt = '2026-11-20T09:30:05.000Z';

  it.each([
    ['Wed Sep 04 16:59:44.356 UTC 2024', '2024-09-04T16:59:44.356Z'],
    ['Wed Sep 04 16:59:44 UTC 2024', '2024-09-04T16:59:44.000Z'],
    ['2024-09-04T16:59:44.356Z', '2024-09-04T16:59:44.356Z'],
    // Without a time zone, later than the event, impossible, or no time at all.
    ['Dec 3, 2021, 6:02:30 PM', sentAt],
    ['Wed Sep 04 16:59:44.356 PST 2024', sentAt],
    ['Wed Sep 04 16:59:44.356 UTC 2034', sentAt],
    ['Wed Sep 44 16:59:44.356 UTC 2024', sentAt],
    ['Wed Foo 04 16:59:44.356 UTC 2024', sentAt],
    ['', sentAt],
    [undefined, sentAt],
  ])('%s is read as %s', (said, at) => expect(instantOf(said, sentAt)).toBe(at));

  it('never makes an invalid time, nor one after the event', () => {
    fc.assert(
      fc.property(fc.string(), (said) => {
        expect(instantOf(said, sentAt) <= sentAt).toBe(true);
      }),
    );
  });
});
