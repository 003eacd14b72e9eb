/** The steps in the life of a finding and of a rollback, in their order. */
export const steps = [
  'assume',
  'policy',
  'lease',
  'resume',
  'inspect',
  'facts',
  'permit',
  'intent',
  'look',
  'change',
  'verify',
  'record',
  'schedule',
  'notify',
  'undo-read',
  'undo-inspect',
  'undo-intent',
  'undo',
  'undo-verify',
  'undo-record',
] as const;

export type Step = (typeof steps)[number];
