/** The tests in which answers are made up after AWS's documentation, because the emulator can't give them; and what it can't. */
export const documentedResponses: Readonly<Record<string, string>> = {
  'test/rules/iam/user-credentials-used.test.ts': 'moto dates every credential at now, and notes no use of passwords and keys.',
  'test/rules/kms/key-rotation-enabled.test.ts': 'moto knows no rotation periods, and lets nobody make a key that AWS manages.',
  'test/rules/cloudtrail/log-file-validation-enabled.test.ts': 'moto shows the trails of an organization to no member account.',
};
