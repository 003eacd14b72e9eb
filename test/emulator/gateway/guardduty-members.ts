import { jsonAnswer } from './error';
import type { LocalOperations } from './local';

/** What moto lacks of GuardDuty: the accounts that a detector manages. Here none does. */
export const emulateGuardDutyMembers = () => {
  const operations: LocalOperations = {
    'guardduty:ListMembers': () => jsonAnswer({ members: [] }),
  };
  return { operations };
};
