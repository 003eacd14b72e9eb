import { ulid } from 'ulid';
import { loadRules } from '../../functions/catalogue/catalogue';
import { parseName, parseTrail, type Trail, trailKey } from '../../functions/log/trail';
import * as fc from '../fast-check';

const remediation = '01K6Z3NDEKTSV4RRFFQ69G5FAV';
const rule = 's3-bucket-versioning-enabled';

describe('the key of a trail', () => {
  it.each<[string, Trail]>([
    [`${rule}/${remediation}`, { by: 'rule', rule, remediation }],
    [`control/${rule}/${remediation}`, { by: 'control', rule, remediation }],
    [`requests/${rule}/${remediation}`, { by: 'requests', rule, remediation }],
    [`requests/posture/${remediation}`, { by: 'requests', rule: 'posture', remediation }],
    [`tickets/${rule}/${remediation}`, { by: 'tickets', rule, remediation }],
    [`control/posture/${remediation}`, { by: 'control', rule: 'posture', remediation }],
    [
      `local/AROAEXAMPLE:alice@example.com/${rule}/${remediation}`,
      { by: 'local', user: 'AROAEXAMPLE:alice@example.com', rule, remediation },
    ],
    [`local/AIDAEXAMPLE/${rule}/${remediation}`, { by: 'local', user: 'AIDAEXAMPLE', rule, remediation }],
  ])('%s says who writes about what', (key, trail) => {
    expect(parseTrail(key)).toEqual(trail);
    expect(trailKey(trail)).toBe(key);
  });

  it.each([
    '',
    remediation,
    `/${remediation}`,
    `control/${remediation}`,
    `local/${remediation}`,
    `posture/${remediation}`,
    `local/${rule}/${remediation}`,
    `local//${rule}/${remediation}`,
    `local/a/b/${rule}/${remediation}`,
    `other/${rule}/${remediation}`,
    `control/control/${rule}/${remediation}`,
    `requests/control/${rule}/${remediation}`,
    `requests/${remediation}`,
    `${rule}/${remediation}/`,
    `${rule}/${remediation}\n`,
    ` ${rule}/${remediation}`,
    `${rule}/${remediation.toLowerCase()}`,
    `${rule}/${remediation}1`,
    `../${rule}/${remediation}`,
    `S3-bucket/${remediation}`,
    `${rule}/../control/${remediation}`,
  ])('%j is none', (key) => {
    expect(parseTrail(key)).toBeUndefined();
  });

  it('never belongs to two writers', () => {
    const ids = fc.constantFrom(...loadRules().map((one) => one.rule.id));
    const user = fc.stringMatching(/^[\w+=,.@:-]{1,60}$/);
    const trails = fc.oneof(
      ids.map((id): Trail => ({ by: 'rule', rule: id, remediation: ulid() })),
      ids.map((id): Trail => ({ by: 'control', rule: id, remediation: ulid() })),
      ids.map((id): Trail => ({ by: 'requests', rule: id, remediation: ulid() })),
      ids.map((id): Trail => ({ by: 'tickets', rule: id, remediation: ulid() })),
      fc.tuple(ids, user).map(([id, name]): Trail => ({ by: 'local', user: name, rule: id, remediation: ulid() })),
    );
    fc.assert(
      fc.property(trails, (trail) => {
        expect(parseTrail(trailKey(trail))).toEqual(trail);
      }),
    );
  });

  it('begins for no rule like that of the control function or a command line', () => {
    for (const { rule: one } of loadRules()) expect(one.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
  });
});

describe('a remediation', () => {
  it('is named by its id, or by its rule and its id', () => {
    expect(parseName(remediation)).toEqual({ remediation });
    expect(parseName(`${rule}/${remediation}`)).toEqual({ rule, remediation });
    for (const other of ['', 'x', `control/${rule}/${remediation}`, `${remediation}/`, `control/${remediation}`])
      expect(parseName(other)).toBeUndefined();
  });
});
