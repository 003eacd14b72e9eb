import { errorAnswer, jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';

const keyOf = ({ input }: Operation, { account, region }: Place): string => `${account} ${region} ${String(input.FileSystemId)}`;

/**
 * The policies of EFS file systems: moto can't delete one, and fails on a file system that does not exist.
 * https://docs.aws.amazon.com/efs/latest/ug/API_PutFileSystemPolicy.html
 */
export const emulateFileSystemPolicies = (): { readonly operations: LocalOperations } => {
  const policies = new Map<string, string>();
  const answerOf = (operation: Operation, place: Place) => {
    const { FileSystemId } = operation.input;
    const Policy = policies.get(keyOf(operation, place));
    if (Policy !== undefined) return jsonAnswer({ FileSystemId, Policy });
    return errorAnswer(operation, { status: 404, code: 'PolicyNotFound', message: 'The file system has no policy.' });
  };
  const operations: LocalOperations = {
    'efs:DescribeFileSystemPolicy': answerOf,
    'efs:PutFileSystemPolicy'(operation, place) {
      policies.set(keyOf(operation, place), String(operation.input.Policy));
      return answerOf(operation, place);
    },
  };
  return { operations };
};
