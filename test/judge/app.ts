import { loadRules } from '../../functions/catalogue/catalogue';
import { synthesized, temporaryFolder } from '../infra/synthesized';
import { type Judge, useJudge } from './judge';

export const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' } as const;

/** All rules of the catalogue, by id. */
export const ruleIds: readonly string[] = loadRules().map(({ rule }) => rule.id);

/** A judge of the whole app, whose member roles may write. */
export function useAppsJudge(): Judge {
  const outdir = temporaryFolder('judge');
  return useJudge(() => synthesized(outdir), { ...place, parameters: { PostureMember: { Grants: 'write' } } });
}

export const table = (name: string): string => `arn:aws:dynamodb:eu-west-1:111122223333:table/${name}`;
export const role = (name: string, account: string = place.account): string => `arn:aws:iam::${account}:role/${name}`;
export const lambda = (name: string): string => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`;

/** The condition key for calls on items. */
export const keys = (...names: readonly string[]) => ({ 'dynamodb:LeadingKeys': names.length > 0 ? names : null });

export const functionRole = (id: string) => ({ role: `posture-function-${id}` });

/** EventBridge Scheduler, for the schedules of a rule, or of the notification function. */
export const schedulesOf = (id: string) => ({ schedulesOf: `posture-function-${id}` });

/** An administrator of the account. */
export const admin = { user: 'admin', userId: 'AIDAADMIN' } as const;
