import { RedshiftServerlessClient, UpdateWorkgroupCommand } from '@aws-sdk/client-redshift-serverless';
import { defineRule, notFound } from '../rule';
import { readWorkgroups, workgroups } from './workgroup/describe';
import { workgroup } from './workgroup/resource';

const parameterKey = 'require_ssl';

/** The name of the workgroup, and the value of its parameter; an absent one counts as false. */
type State = { readonly name: string; readonly requireSsl: string; readonly status?: string };

export default defineRule({
  id: 'redshiftserverless-workgroup-tls-required',
  title: 'Redshift Serverless workgroups require TLS',
  why: 'Without TLS, passwords, queries and results can be read and changed in transit.',
  impact: 'Clients that do not use TLS can no longer connect.',
  severity: 'medium',
  risk: 'disruptive',
  resource: workgroup,
  independentUndo: true,
  property: 'ConfigParameters',
  detectedBy: { securityHub: ['RedshiftServerless.2'], config: ['redshift-serverless-workgroup-encrypted-in-transit'] },
  permissions: {
    // IAM supports no resource-level permissions for it.
    inspect: { actions: ['redshift-serverless:ListWorkgroups'], on: '*' },
    change: { actions: ['redshift-serverless:UpdateWorkgroup'], on: workgroups },
  },
  clients: [RedshiftServerlessClient],
  commands: [UpdateWorkgroupCommand],
  settle: 1800,

  async inspect({ arn }, aws): Promise<State | typeof notFound> {
    const found = (await readWorkgroups(aws)).find(({ workgroupArn }) => workgroupArn === arn);
    if (!found) return notFound;
    const { workgroupName: name = '', configParameters = [], status = 'unknown' } = found;
    const requireSsl = configParameters.find((parameter) => parameter.parameterKey === parameterKey)?.parameterValue ?? 'false';
    return { name, requireSsl, ...(requireSsl !== 'true' && status !== 'AVAILABLE' && { status }) };
  },

  plan(_, { name, requireSsl, status }) {
    if (requireSsl === 'true') return [];
    if (status !== undefined)
      return {
        blocked: `The workgroup is ${status}. Redshift Serverless accepts changes when it is AVAILABLE again.`,
        code: 'being-modified',
      };
    // Omitted parameters stay unchanged.
    const required = (parameterValue: string) =>
      new UpdateWorkgroupCommand({ workgroupName: name, configParameters: [{ parameterKey, parameterValue }] });
    return [{ do: required('true'), undo: required(requireSsl) }];
  },

  targets: (_, { now }) => ({ UpdateWorkgroup: { workgroupName: now.name } }),

  list: async (_, aws) => (await readWorkgroups(aws)).flatMap(({ workgroupArn }) => workgroupArn ?? []),
});
