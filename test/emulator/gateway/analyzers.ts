import { errorAnswer, jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';

interface Analyzer {
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly arn: string;
}

/** IAM Access Analyzer, as far as it is about analyzers; moto has none. */
export const emulateAnalyzers = () => {
  const known = new Map<string, readonly Analyzer[]>();
  const keyOf = ({ account, region }: Place) => `${account} ${region}`;
  const at = (place: Place) => known.get(keyOf(place)) ?? [];
  const operations: LocalOperations = {
    'access-analyzer:ListAnalyzers': ({ input }, place) =>
      jsonAnswer({ analyzers: at(place).filter(({ type }) => input.type === undefined || input.type === type) }),
    'access-analyzer:CreateAnalyzer': (operation, place) => {
      const { analyzerName: name, type } = operation.input as { analyzerName: string; type: string };
      if (at(place).some((one) => one.name === name))
        return errorAnswer(operation, { status: 409, code: 'ConflictException', message: `There is an analyzer ${name}.` });
      if (type === 'ACCOUNT' && at(place).some((one) => one.type === type))
        return errorAnswer(operation, {
          status: 402,
          code: 'ServiceQuotaExceededException',
          message: 'One analyzer of the account is allowed.',
        });
      const arn = `arn:aws:access-analyzer:${place.region}:${place.account}:analyzer/${name}`;
      known.set(keyOf(place), [...at(place), { name, type, status: 'ACTIVE', arn }]);
      return jsonAnswer({ arn });
    },
    'access-analyzer:DeleteAnalyzer': (operation, place) => {
      const left = at(place).filter(({ name }) => name !== operation.input.analyzerName);
      if (left.length === at(place).length)
        return errorAnswer(operation, { status: 404, code: 'ResourceNotFoundException', message: 'There is no such analyzer.' });
      known.set(keyOf(place), left);
      return jsonAnswer({});
    },
  };
  return { operations };
};
