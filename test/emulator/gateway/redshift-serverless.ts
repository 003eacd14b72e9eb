import { randomUUID } from 'node:crypto';
import { errorAnswer, jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';

type Thing = Record<string, unknown>;

type Parameter = { readonly parameterKey: string };

/** The parameters of before, those that an update names replaced. */
const merged = (before: unknown = [], named: unknown = []): readonly Parameter[] => {
  const all = [...(before as readonly Parameter[]), ...(named as readonly Parameter[])];
  return [...new Map(all.map((parameter) => [parameter.parameterKey, parameter])).values()];
};

/** Workgroups and namespaces of Redshift Serverless, which moto does not have. */
export const emulateRedshiftServerless = (): { readonly operations: LocalOperations } => {
  const workgroups = new Map<string, Thing>();
  const namespaces = new Map<string, Thing>();
  const key = ({ account, region }: Place, name: unknown) => `${account}:${region}:${String(name)}`;
  const nameOf = ({ input }: Operation) => input.workgroupName;

  const operations: LocalOperations = {
    'redshift-serverless:CreateWorkgroup'(operation, place) {
      const workgroupId = randomUUID();
      const workgroupArn = `arn:aws:redshift-serverless:${place.region}:${place.account}:workgroup/${workgroupId}`;
      const workgroup = { ...operation.input, workgroupId, workgroupArn, status: 'AVAILABLE' };
      workgroups.set(key(place, nameOf(operation)), workgroup);
      return jsonAnswer({ workgroup });
    },

    'redshift-serverless:ListWorkgroups': (_, place) =>
      jsonAnswer({ workgroups: [...workgroups].flatMap(([each, workgroup]) => (each.startsWith(key(place, '')) ? [workgroup] : [])) }),

    'redshift-serverless:UpdateWorkgroup'(operation, place) {
      const workgroup = workgroups.get(key(place, nameOf(operation)));
      if (!workgroup) return errorAnswer(operation, { status: 404, code: 'ResourceNotFoundException', message: 'No such workgroup' });
      const configParameters = merged(workgroup.configParameters, operation.input.configParameters);
      return jsonAnswer({ workgroup: Object.assign(workgroup, operation.input, { configParameters }) });
    },

    'redshift-serverless:CreateNamespace'(operation, place) {
      const namespaceId = randomUUID();
      const namespaceArn = `arn:aws:redshift-serverless:${place.region}:${place.account}:namespace/${namespaceId}`;
      const namespace = { logExports: [], ...operation.input, namespaceId, namespaceArn, status: 'AVAILABLE' };
      namespaces.set(key(place, operation.input.namespaceName), namespace);
      return jsonAnswer({ namespace });
    },

    'redshift-serverless:ListNamespaces': (_, place) =>
      jsonAnswer({ namespaces: [...namespaces].flatMap(([each, namespace]) => (each.startsWith(key(place, '')) ? [namespace] : [])) }),

    'redshift-serverless:UpdateNamespace'(operation, place) {
      const namespace = namespaces.get(key(place, operation.input.namespaceName));
      if (!namespace) return errorAnswer(operation, { status: 404, code: 'ResourceNotFoundException', message: 'No such namespace' });
      return jsonAnswer({ namespace: Object.assign(namespace, operation.input) });
    },

    'redshift-serverless:ListTagsForResource': () => jsonAnswer({ tags: [] }),
  };

  return { operations };
};
