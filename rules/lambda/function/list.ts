import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { collect } from '../../pages';
import type { Aws, Grant, Place } from '../../rule';

/** The permissions that `listFunctions` needs. */
export const listing: Grant = { actions: ['lambda:ListFunctions'], on: '*' };

/** The names of the functions in an account and region. */
export const listFunctions = (_: Place, aws: Aws): Promise<string[]> =>
  collect(
    (Marker) => aws.send(new ListFunctionsCommand({ Marker })),
    ({ Functions = [] }) => Functions.flatMap(({ FunctionName }) => FunctionName ?? []),
    ({ NextMarker }) => NextMarker,
  );
