import { AccessAnalyzerClient, CreateAnalyzerCommand, DeleteAnalyzerCommand, ListAnalyzersCommand } from '@aws-sdk/client-accessanalyzer';
import { accountInRegion } from '../account';
import { collect } from '../pages';
import { defineRule } from '../rule';
import { analyzer } from './analyzer/resource';

const id = 'iam-external-access-analyzed';
const analyzerName = 'posture-external-access';
const own = `arn:{partition}:access-analyzer:{region}:{account}:analyzer/${analyzerName}`;

/** The analyzers of external access, and whatever has the name of ours. */
type State = { readonly analyzers: readonly { readonly name: string; readonly type: string; readonly status: string }[] };

export default defineRule({
  id,
  title: 'IAM Access Analyzer tells who outside the account has access',
  why: 'A policy that lets a stranger in looks like any other; the analyzer reads them all, and tells which do.',
  impact:
    'None for workloads, and free of charge: findings appear in IAM and in Security Hub. A rollback deletes the new analyzer with its findings and archive rules.',
  severity: 'high',
  risk: 'safe',
  resource: [accountInRegion, analyzer],
  detectedBy: { securityHub: ['IAM.28'], config: ['iam-external-access-analyzer-enabled'] },
  permissions: {
    inspect: { actions: ['access-analyzer:ListAnalyzers'], on: '*' },
    change: [
      { actions: ['access-analyzer:CreateAnalyzer', 'access-analyzer:DeleteAnalyzer', 'access-analyzer:TagResource'], on: own },
      // Access Analyzer makes it with the caller's permissions, where it is not there yet.
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
    if (nascent) return { blocked: `The analyzer ${nascent.name} is being made.` };
    const idle = external.find(({ type }) => type === 'ACCOUNT');
    // AWS allows one of the account in a region.
    if (idle) return { unfixable: `The analyzer ${idle.name} is ${idle.status}. Delete it, and a new one can be made.` };
    if (analyzers.some(({ name }) => name === analyzerName))
      return {
        unfixable: `There is an analyzer ${analyzerName} of another type, so ours can't be made. Delete it, or make one of type ACCOUNT by hand.`,
      };
    return [
      {
        do: new CreateAnalyzerCommand({ analyzerName, type: 'ACCOUNT', tags: { 'posture:rule': id } }),
        undo: new DeleteAnalyzerCommand({ analyzerName }),
      },
    ];
  },

  takeBack(_, now, { before }) {
    const has = ({ analyzers }: State) => analyzers.some(({ name }) => name === analyzerName);
    return has(now) && !has(before) ? [new DeleteAnalyzerCommand({ analyzerName })] : [];
  },

  list: async ({ account }) => [account],
});
