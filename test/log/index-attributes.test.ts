import { indexAttributesOf, shards } from '../../functions/log/index-attributes';

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
  source: 'security-hub',
} as const;
const indexShard = '0';
const { outcome: _, ...step } = { ...event, kind: 'planned' as const };

describe('the attributes of the derived indexes', () => {
  it('are only the shard for what is common: a fix by the function of the rule, and its steps', () => {
    expect(indexAttributesOf(event)).toEqual({ indexShard });
    expect(indexAttributesOf({ ...event, kind: 'observed', outcome: 'observed' })).toEqual({ indexShard });
    expect(indexAttributesOf(step)).toEqual({ indexShard });
    expect(indexAttributesOf({ ...step, sequence: 1 })).toEqual({ indexShard, indexRemediation: remediation });
  });

  it('spread remediations over the shards', () => {
    const counts = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'].map(
      (last) => indexAttributesOf({ ...event, remediation: `${remediation.slice(0, -1)}${last}` }).indexShard,
    );
    expect(shards.map((shard) => counts.filter((one) => one === shard).length)).toEqual([11, 11, 10]);
    // Whoever writes no ULID is found as well.
    expect(indexAttributesOf({ ...event, remediation: 'x' })).toEqual({ indexShard: '0' });
  });

  it('name whoever else acted: an operator, the control function, and a role of another name', () => {
    const others = [alice, role.replace('s3-bucket-tls-required', 'control'), `${role}-2`, role.replace('posture', 'x/posture')];
    for (const actor of others) expect(indexAttributesOf({ ...event, actor })).toEqual({ indexShard, indexActor: actor });
  });

  it.each(['control', 'security-hub-custom-action', 'guardduty', 'macie', 'access-analyzer', 'inspector'])(
    'name a source that is not common: %s',
    (source) => expect(indexAttributesOf({ ...event, source })).toEqual({ indexShard, indexSource: source }),
  );

  it('name a rare outcome, and a rare kind that has none', () => {
    expect(indexAttributesOf({ ...event, kind: 'failed', outcome: 'failed' })).toEqual({ indexShard, indexResult: 'failed' });
    expect(indexAttributesOf({ ...step, kind: 'approved', actor: alice, source: 'control' })).toEqual({
      ...{ indexShard, indexResult: 'approved', indexActor: alice, indexSource: 'control' },
    });
  });
});
