import { refusalIn } from '../../functions/aws/refusal';

it('takes what EC2 lists as unsuccessful for an error', () => {
  const refusal = refusalIn({
    FlowLogIds: [],
    Unsuccessful: [{ ResourceId: 'vpc-0a', Error: { Code: '400', Message: 'Access Denied for LogDestination: logs.' } }],
  });
  expect(refusal).toMatchObject({ name: '400', message: 'Access Denied for LogDestination: logs. (vpc-0a)' });
  expect(refusalIn({ Unsuccessful: [{}] })).toMatchObject({ name: 'Unsuccessful', message: 'AWS returned no reason.' });
});

it.each([undefined, {}, { Unsuccessful: [] }, { FlowLogIds: ['fl-0a'] }])('takes %j for no refusal', (answer) => {
  expect(refusalIn(answer)).toBeUndefined();
});

it('takes the accounts that Inspector lists as failed for an error', () => {
  const failed = { accountId: '111122223333', errorCode: 'ACCESS_DENIED', errorMessage: 'Ask the administrator.' };
  expect(refusalIn({ accounts: [], failedAccounts: [failed] })).toMatchObject({
    name: 'ACCESS_DENIED',
    message: 'Ask the administrator. (111122223333)',
  });
  expect(refusalIn({ failedAccounts: [{}] })).toMatchObject({ name: 'FailedAccount', message: 'AWS returned no reason. ()' });
  expect(refusalIn({ accounts: [{}], failedAccounts: [] })).toBeUndefined();
});
