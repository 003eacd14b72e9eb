import { mockClient as mock } from 'aws-sdk-client-mock';
import { watchMock } from './mocks';

/** The mock of `aws-sdk-client-mock`, held against AWS's models. */
export const mockClient: typeof mock = (client, options) => {
  const made = mock(client, options);
  watchMock(made);
  return made;
};
