import { refusalIn } from '../../functions/aws/refusal';

it('takes what EC2 lists as unsuccessful for an error', () => {
  const refusal = refusalIn({
    FlowLogIds: [],
    Unsuccessful: [{ ResourceId: 'vpc-0a', Error: { Code: '400', Message: 'Access Denied for LogDestination: logs.' } }],
  });
  expect(refusal).toMatchObject({ name: '400', message: 'Access Denied for LogDestination: logs. (vpc-0a)' });
  expect(refusalIn({ Unsuccessful: [{}] })).toMatchObject({ name: 'Unsuccessful', message: 'AWS gave no reason.' });
});

it.each([undefined, {}, { Unsuccessful: [] }, { FlowLogIds: ['fl-0a'] }])('takes %j for no refusal', (answer) => {
  expect(refusalIn(answer)).toBeUndefined();
});
