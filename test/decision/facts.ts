import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import type * as z from 'zod';
import type { Facts, RecordedState } from '../../functions/decision/facts';
import { type Policy, policy } from '../../functions/policy/policy';
import type { Change } from '../../rules/rule';

const command = new PutBucketVersioningCommand({ Bucket: 'b', VersioningConfiguration: { Status: 'Enabled' } });
export const reversible: Change = { do: command, undo: command };
export const irreversible: Change = { do: command, irreversible: 'it is lost' };

export const now = new Date('2026-11-24T12:00:00Z');
const unused = { hour: 0, day: 0 };
export const recorded: RecordedState = { fixes: [], used: { rule: unused, account: unused, all: unused } };

/** What differs from a finding that a policy of one `fix` for everything lets through. */
export interface Differences {
  readonly policy?: z.input<typeof policy>;
  readonly about?: Partial<Facts['about']>;
  readonly rule?: Partial<Facts['about']['rule']>;
  readonly recorded?: Partial<RecordedState>;
  readonly facts?: Partial<Facts>;
}

export const fixAll: z.input<typeof policy> = { modes: { clauses: [{ mode: 'fix' }] } };

/** A finding of 2026-11-24, detected an hour before, of a rule that is safe and reversible. */
export function factsWith({ policy: given = {}, about = {}, rule = {}, recorded: stands = {}, facts = {} }: Differences): Facts {
  return {
    policy: read({ ...fixAll, ...given }),
    about: {
      rule: { id: 's3-bucket-x', risk: 'safe', severity: 'high', controls: ['S3.14'], ...rule },
      detectedBy: 'S3.14',
      account: '111122223333',
      region: 'eu-west-1',
      resource: 'arn:aws:s3:::records',
      ous: { known: ['ou-ab12-payments1', 'ou-ab12-prodprod', 'r-ab12'] },
      tags: { known: { env: 'prod', owner: 'payments' } },
      ...about,
    },
    now,
    detectedAt: '2026-11-24T11:00:00Z',
    workflow: { known: 'NEW' },
    recorded: { known: { ...recorded, ...stands } },
    lastChange: { known: undefined },
    changes: [reversible],
    hash: 'plan',
    ...facts,
  };
}

const kept = new Map<string, Policy>();

/** The same policy is read once: a table has many rows. */
function read(given: z.input<typeof policy>): Policy {
  const key = JSON.stringify(given);
  const known = kept.get(key) ?? policy.parse(given);
  kept.set(key, known);
  return known;
}
