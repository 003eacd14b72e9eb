import { RedshiftServerlessClient, UpdateWorkgroupCommand } from '@aws-sdk/client-redshift-serverless';
import { defineRule, gone } from '../rule';
import { readWorkgroups, workgroups } from './workgroup/describe';
import { workgroup } from './workgroup/resource';

const parameterKey = 'require_ssl';

/** The name of the workgroup, and the value of its parameter; where AWS shows none, that is as if it were false. */
type State = { readonly name: string; readonly requireSsl: string; readonly status?: string };

export default defineRule({
  id: 'redshiftserverless-workgroup-tls-required',
  title: 'Workgroups of Redshift Serverless let nobody connect without TLS',
  why: 'Passwords, queries and results that go without TLS can be read and changed on the way.',
  impact: 'Clients that connect without TLS are refused at their next connection.',
  severity: 'medium',
  risk: 'disruptive',
  resource: workgroup,
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

  async inspect({ arn }, aws): Promise<State | typeof gone> {
    const found = (await readWorkgroups(aws)).find(({ workgroupArn }) => workgroupArn === arn);
    if (!found) return gone;
    const { workgroupName: name = '', configParameters = [], status = 'unknown' } = found;
    const requireSsl = configParameters.find((parameter) => parameter.parameterKey === parameterKey)?.parameterValue ?? 'false';
    return { name, requireSsl, ...(requireSsl !== 'true' && status !== 'AVAILABLE' && { status }) };
  },

  plan(_, { name, requireSsl, status }) {
    if (requireSsl === 'true') return [];
    if (status !== undefined)
      return { blocked: `The workgroup is ${status}; Redshift Serverless takes changes when it is AVAILABLE again.` };
    // Parameters that are not named stay as they are.
    const required = (parameterValue: string) =>
      new UpdateWorkgroupCommand({ workgroupName: name, configParameters: [{ parameterKey, parameterValue }] });
    return [{ do: required('true'), undo: required(requireSsl) }];
  },

  list: async (_, aws) => (await readWorkgroups(aws)).flatMap(({ workgroupArn }) => workgroupArn ?? []),
});
