import { RedshiftServerlessClient, UpdateNamespaceCommand } from '@aws-sdk/client-redshift-serverless';
import * as z from 'zod';
import { allOf } from '../detector-parameters';
import { defineRule, notFound } from '../rule';
import { namespaces, readNamespaces } from './namespace/describe';
import { namespace } from './namespace/resource';

const log = z.enum(['connectionlog', 'userlog', 'useractivitylog']);

type Log = z.infer<typeof log>;

const parameters = z.strictObject({
  logTypes: z
    .array(log)
    .min(1)
    .default(['connectionlog', 'userlog'])
    .describe('The logs to export. Other exports of a namespace are kept.'),
});

type State = { readonly name: string; readonly exported: readonly Log[]; readonly status?: string };

export default defineRule({
  id: 'redshiftserverless-namespace-logs-exported',
  title: 'Redshift Serverless namespaces export logs to CloudWatch Logs',
  why: 'Without logs, nobody can tell afterward who connected, or tried to, and from where.',
  impact: 'None for clients. CloudWatch Logs charges by the gigabyte. Exported logs are kept after a rollback.',
  severity: 'medium',
  risk: 'safe',
  resource: namespace,
  property: 'LogExports',
  detectedBy: { securityHub: ['RedshiftServerless.6'], config: ['redshift-serverless-publish-logs-to-cloudwatch'] },
  detectorParameters: {
    'redshift-serverless-publish-logs-to-cloudwatch': { logType: allOf('logTypes') },
  },
  permissions: {
    // IAM supports no resource-level permissions for it.
    inspect: { actions: ['redshift-serverless:ListNamespaces'], on: '*' },
    change: { actions: ['redshift-serverless:UpdateNamespace'], on: namespaces },
  },
  clients: [RedshiftServerlessClient],
  commands: [UpdateNamespaceCommand],
  parameters,
  settle: 900,

  async inspect({ arn }, aws): Promise<State | typeof notFound> {
    const found = (await readNamespaces(aws)).find(({ namespaceArn }) => namespaceArn === arn);
    if (!found) return notFound;
    const { namespaceName: name = '', logExports = [], status = 'unknown' } = found;
    return { name, exported: logExports.toSorted(), ...(status !== 'AVAILABLE' && { status }) };
  },

  plan(_, { name, exported, status }, { parameters: { logTypes } }) {
    const missing = logTypes.filter((type) => !exported.includes(type));
    if (missing.length === 0) return [];
    if (status !== undefined)
      return {
        blocked: `The namespace is ${status}. Redshift Serverless accepts changes when it is AVAILABLE again.`,
        code: 'being-modified',
      };
    return [{ do: exports(name, [...exported, ...missing]), undo: exports(name, exported) }];
  },

  targets: (_, { now }) => ({ UpdateNamespace: { namespaceName: now.name } }),

  revertOwnPart(_, now, { before, after }) {
    const kept = now.exported.filter((type) => before.exported.includes(type) || !after.exported.includes(type));
    return kept.length === now.exported.length ? [] : [exports(now.name, kept)];
  },

  list: async (_, aws) => (await readNamespaces(aws)).flatMap(({ namespaceArn }) => namespaceArn ?? []),
});

// The list replaces the former one.
const exports = (namespaceName: string, logExports: readonly Log[]) =>
  new UpdateNamespaceCommand({ namespaceName, logExports: logExports.toSorted() });
