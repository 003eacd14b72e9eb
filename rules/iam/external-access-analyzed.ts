import { AccessAnalyzerClient, CreateAnalyzerCommand, DeleteAnalyzerCommand, ListAnalyzersCommand } from '@aws-sdk/client-accessanalyzer';
import { accountInRegion } from '../account';
import { collect } from '../pages';
import { defineRule } from '../rule';
import { analyzer } from './analyzer/resource';

const id = 'iam-external-access-analyzed';
const analyzerName = 'posture-external-access';
const own = `arn:{partition}:access-analyzer:{region}:{account}:analyzer/${analyzerName}`;

/** The external access analyzers, and any analyzer with the name that this rule uses. */
type State = { readonly analyzers: readonly { readonly name: string; readonly type: string; readonly status: string }[] };

export default defineRule({
  id,
  title: 'An IAM Access Analyzer external access analyzer is enabled',
  why: 'A policy that grants external access looks like any other. The analyzer reads all policies and reports those that do.',
  impact:
    'None for workloads, at no charge: findings appear in IAM and in Security Hub. A rollback deletes the new analyzer, its findings and its archive rules.',
  severity: 'high',
  risk: 'safe',
  resource: [accountInRegion, analyzer],
  changedBy: { service: 'access-analyzer', calls: { account: ['DeleteAnalyzer'] } },
  marksOwnPart: true,
  detectedBy: { securityHub: ['IAM.28'], config: ['iam-external-access-analyzer-enabled'] },
  permissions: {
    inspect: { actions: ['access-analyzer:ListAnalyzers'], on: '*' },
    change: [
      { actions: ['access-analyzer:CreateAnalyzer', 'access-analyzer:DeleteAnalyzer', 'access-analyzer:TagResource'], on: own },
      // Access Analyzer creates it with the caller's permissions if it doesn't exist yet.
      {
        actions: ['iam:CreateServiceLinkedRole'],
        on: 'arn:{partition}:iam::{account}:role/aws-service-role/access-analyzer.amazonaws.com/AWSServiceRoleForAccessAnalyzer',
        condition: { StringEquals: { 'iam:AWSServiceName': 'access-analyzer.amazonaws.com' } },
      },
    ],
  },
  clients: [AccessAnalyzerClient],
  commands: [CreateAnalyzerCommand, DeleteAnalyzerCommand],
  settle: 300,

  async inspect(_, aws): Promise<State> {
    const all = await collect(
      (nextToken) => aws.send(new ListAnalyzersCommand({ nextToken })),
      ({ analyzers }) => analyzers,
      ({ nextToken }) => nextToken,
    );
    const seen = all.map(({ name = '', type = '', status = '' }) => ({ name, type: String(type), status: String(status) }));
    const analyzers = seen.filter(({ name, type }) => /^(ACCOUNT|ORGANIZATION)$/.test(type) || name === analyzerName);
    return { analyzers: analyzers.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  },

  plan(_, { analyzers }) {
    const external = analyzers.filter(({ type }) => type === 'ACCOUNT' || type === 'ORGANIZATION');
    if (external.some(({ status }) => status === 'ACTIVE')) return [];
    const nascent = external.find(({ status }) => status === 'CREATING');
    if (nascent) return { blocked: `The analyzer ${nascent.name} is being created.`, code: 'being-modified' };
    const idle = external.find(({ type }) => type === 'ACCOUNT');
    // AWS allows one analyzer of type ACCOUNT in a region.
    if (idle)
      return {
        unfixable: `The analyzer ${idle.name} is ${idle.status}. Delete it so that a new one can be created.`,
        code: 'analyzer-not-active',
      };
    if (analyzers.some(({ name }) => name === analyzerName))
      return {
        unfixable: `An analyzer named ${analyzerName} exists with another type. Delete it, or create one of type ACCOUNT manually.`,
        code: 'name-taken',
      };
    return [
      {
        do: new CreateAnalyzerCommand({ analyzerName, type: 'ACCOUNT', tags: { 'posture:rule': id } }),
        undo: new DeleteAnalyzerCommand({ analyzerName }),
      },
    ];
  },

  targets: () => ({ CreateAnalyzer: { analyzerName }, DeleteAnalyzer: { analyzerName } }),

  revertOwnPart(_, now, { before }) {
    const has = ({ analyzers }: State) => analyzers.some(({ name }) => name === analyzerName);
    return has(now) && !has(before) ? [new DeleteAnalyzerCommand({ analyzerName })] : [];
  },

  list: async ({ account }) => [account],
});
