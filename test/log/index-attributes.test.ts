import { indexAttributesOf } from '../../functions/log/index-attributes';

const remediation = '01K6Z3NDEKTSV4RRFFQ69G5FAV';
const role = 'arn:aws:iam::111122223333:role/posture-function-s3-bucket-tls-required';
const alice = 'arn:aws:iam::111122223333:user/alice';
const event = {
  remediation,
  sequence: 2,
  rule: 's3-bucket-tls-required',
  kind: 'verified',
  outcome: 'fixed',
  actor: role,
  detectedBy: 'S3.5',
  source: 'security-hub',
} as const;
const { outcome: _, ...step } = { ...event, kind: 'planned' as const };

describe('the attributes of the sparse indexes', () => {
  it('are those by which a report finds what a function did by itself: the control', () =>
    expect(indexAttributesOf(event)).toEqual({ indexControl: 'S3.5' }));

  it('name whoever else acted: an operator, the control function, and a role of another name', () => {
    const others = [alice, role.replace('s3-bucket-tls-required', 'control'), `${role}-2`, role.replace('posture', 'x/posture')];
    for (const actor of others) expect(indexAttributesOf({ ...event, actor })).toEqual({ indexActor: actor, indexControl: 'S3.5' });
  });

  it.each(['control', 'security-hub-custom-action', 'guardduty', 'macie', 'access-analyzer', 'inspector'])(
    'name a source that is not common: %s',
    (source) => expect(indexAttributesOf({ ...event, source })).toEqual({ indexControl: 'S3.5', indexSource: source }),
  );

  it('are only that of the trail for a step, and only for its first event', () => {
    expect(indexAttributesOf(step)).toEqual({});
    expect(indexAttributesOf({ ...step, actor: alice, source: 'control' })).toEqual({});
    expect(indexAttributesOf({ ...step, sequence: 1 })).toEqual({ indexRemediation: remediation });
  });

  it('are also those of an event of a person that has no outcome', () =>
    expect(indexAttributesOf({ ...step, kind: 'approved', actor: alice, source: 'control' })).toEqual({
      ...{ indexActor: alice, indexControl: 'S3.5', indexSource: 'control' },
    }));
});
