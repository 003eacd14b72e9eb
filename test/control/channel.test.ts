import { channelOf } from '../../functions/control/channel';

const control = 'arn:aws:lambda:eu-west-1:111122223333:function:posture-control';

describe('the door by which an order comes in', () => {
  it.each([control, `${control}:$LATEST`, `${control}:1`])('is none where Lambda was invoked by no alias: %s', (arn) =>
    expect(channelOf(arn)).toBeUndefined(),
  );

  it.each(['url', 'automations', 'custom-actions', 'hourly', 'policy', 'answers'])('is the alias %s', (alias) =>
    expect(channelOf(`${control}:${alias}`)).toBe(alias),
  );

  it.each(['other', 'URL', 'url:1', '$latest', 'automations:1'])('is none for %s', (qualifier) =>
    expect(channelOf(`${control}:${qualifier}`)).toBeUndefined(),
  );
});
