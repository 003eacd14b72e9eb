import { decide, decisionPath } from '../../functions/decision/decide';
import { factsWith, irreversible, reversible } from './facts';
import { rows } from './rows';

it('has rows enough', () => {
  expect(Object.values(rows).flat().length).toBeGreaterThanOrEqual(150);
});

describe.each(Object.entries(rows))('%s', (_, some) => {
  it.each(some)('%s', (_name, differs, verdict, clause) => {
    const decision = decide(factsWith(differs));
    expect([decision.verdict, decision.decisive.clause]).toEqual([verdict, clause]);
    expect(decisionPath(decision).some((line) => line.startsWith(`${clause}: `))).toBe(true);
  });
});

describe('a decision', () => {
  it('fixes what can be undone, and holds the rest', () => {
    const changes = [reversible, irreversible];
    expect(decide(factsWith({ facts: { changes } }))).toMatchObject({ verdict: 'fix', changes: [reversible], held: [irreversible] });
  });

  it('tells of an exemption that is over, of one that is over soon, and who wants it', () => {
    const policy = {
      exemptions: [
        { reason: 'legacy', owner: 'payments', expires: '2026-11-01' },
        { reason: 'migration', owner: 'platform', expires: '2026-12-01' },
      ],
    };
    expect(decisionPath(decide(factsWith({ policy }))).slice(0, 2)).toEqual([
      'exemption: exemptions[0] of payments (legacy) expired after 2026-11-01',
      'exemption: exemptions[1] of platform (migration) applies until 2026-12-01; it expires soon: renew or remove it -> skip',
    ]);
  });

  it('comes again when all that puts it off is over', () => {
    const policy = {
      windows: [{ name: 'nights', opens: '0 22 * * *', hours: 4 }],
      freezes: [{ reason: 'sales', from: '2026-11-20T00:00', to: '2026-12-01T00:00' }],
      grace: [{ hours: 3 }],
    };
    expect(decide(factsWith({ policy })).until).toEqual(new Date('2026-12-01T00:00:00Z'));
  });

  it('names who changes it back each time, by what and with what', () => {
    const known = {
      principal: 'arn:aws:sts::1:assumed-role/Deploy/ci',
      userAgent: 'Terraform/1.9',
      event: 'PutBucketAcl',
      at: '2026-11-24T09:00:00Z',
    };
    const fixes = Array(3).fill('2026-11-24T08:00:00Z');
    expect(decide(factsWith({ recorded: { fixes }, facts: { lastChange: { known } } })).decisive.reason).toBe(
      'fixed 3 times in 7 days and changed back each time; last change by arn:aws:sts::1:assumed-role/Deploy/ci with PutBucketAcl at 2026-11-24T09:00:00Z, user agent "Terraform/1.9"',
    );
  });

  it('names the stack and the logical id', () => {
    const tags = { known: { 'aws:cloudformation:stack-name': 'shop', 'aws:cloudformation:logical-id': 'Records' } };
    expect(decide(factsWith({ about: { tags } })).decisive.reason).toBe(
      'The CloudFormation stack shop (logical id Records) manages the resource',
    );
  });
});
