import { loadRules } from '../../../functions/catalogue/catalogue';
import { callNames, operationOf, type RecordedCalls } from '../../../rules/recorded-calls';
import { toArray } from '../../../rules/rule';
import type { Member, Model } from '../../emulator/models/model';

const rules = loadRules().map(({ rule }) => rule);
const all: readonly RecordedCalls[] = [
  ...new Set(
    rules.flatMap(({ resource, changedBy = [] }) => [...toArray(resource).flatMap((kind) => kind.changedBy ?? []), ...[changedBy].flat()]),
  ),
];

/** The names of services in CloudTrail, where the API has another. */
const apis: Readonly<Record<string, string>> = {
  cloudwatch: 'cloudwatch',
  elasticloadbalancing: 'elasticloadbalancingv2',
  es: 'opensearch',
  elasticfilesystem: 'efs',
  elasticmapreduce: 'emr',
  config: 'configservice',
  'access-analyzer': 'accessanalyzer',
  secretsmanager: 'secretsmanager',
};

/** The calls of another API than the service has in CloudTrail. Source: "Logging Amazon S3 API calls using AWS CloudTrail" in the S3 User Guide. */
const elsewhere: Readonly<Record<string, string>> = {
  PutAccountPublicAccessBlock: 's3control',
  DeleteAccountPublicAccessBlock: 's3control',
};

const found = (calls: RecordedCalls, name: string) => {
  const model = globalThis.awsModels?.(elsewhere[name] ?? apis[calls.service] ?? calls.service);
  return { model, operation: model?.operations[operationOf(name, calls)] };
};

it('has another operation only for a call that is recorded', () => {
  const renamed = all.flatMap((calls) => Object.keys(calls.operations ?? {}).filter((name) => !callNames(calls).includes(name)));
  expect(renamed).toEqual([]);
});

it('is an operation of the API of its service', () => {
  const unknown = all.flatMap((calls) => callNames(calls).filter((name) => found(calls, name).operation === undefined));
  expect(unknown).toEqual([]);
  expect(all.flatMap(callNames).length).toBeGreaterThan(90);
});

it('has the field that the path names, in its request or its response', () => {
  const wrong = all.flatMap((calls) =>
    Object.entries(calls.calls).flatMap(([path, names]) =>
      path === 'account'
        ? []
        : names.filter((name) => {
            const { model, operation } = found(calls, name);
            const [side, ...rest] = path.split('.');
            const member = side === 'requestParameters' ? operation?.input : operation?.output;
            return !model || !hasField(model, member, rest.at(-1) ?? '', 4);
          }),
    ),
  );
  expect(wrong).toEqual([]);
});

/** Somewhere in it: CloudTrail wraps lists of EC2 in `items`, and newer calls in the name of the request. */
function hasField(model: Model, member: Member | undefined, name: string, depth: number): boolean {
  if (!member || depth === 0) return false;
  const { members = {}, member: item } = model.shapes[member.shape] ?? {};
  const plain = name.replace(/Name$/, '').toLowerCase();
  return (
    Object.entries(members).some(
      ([key, one]) => [name.toLowerCase(), plain].includes(key.toLowerCase()) || hasField(model, one, name, depth - 1),
    ) || hasField(model, item, name, depth)
  );
}
