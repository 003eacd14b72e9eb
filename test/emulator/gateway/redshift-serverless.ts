import { randomUUID } from 'node:crypto';
import { errorAnswer, jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';

type Workgroup = Record<string, unknown>;

/** Workgroups of Redshift Serverless, which moto does not have. */
export const emulateRedshiftServerless = (): { readonly operations: LocalOperations } => {
  const workgroups = new Map<string, Workgroup>();
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
      return jsonAnswer({ workgroup: Object.assign(workgroup, operation.input) });
    },

    'redshift-serverless:ListTagsForResource': () => jsonAnswer({ tags: [] }),
  };

  return { operations };
};
