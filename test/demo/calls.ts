import type { Rule } from '../../rules/rule';
import { grantsOf } from '../contract/grants';
import type { Call } from '../emulator/gateway';
import { iamActionOf } from '../emulator/iam-action';
import type { RuleFunction } from './deploy';

/** The AWS calls of one invocation: the function's own (log, leases, STS), and those made with the rule's role in the account. */
export interface Calls {
  readonly own: readonly Call[];
  readonly rules: readonly Call[];
}

/** Those of the calls that this function made. */
export const callsOf = (calls: readonly Call[], { role, memberRole }: Pick<RuleFunction, 'role' | 'memberRole'>): Calls => ({
  own: calls.filter((call) => call.role === role),
  rules: calls.filter((call) => call.role === memberRole),
});

/** What every function does besides its rule: learns of the finding, who changed the resource last and what people suppressed, and tells. */
const besides = [
  'cloudtrail:LookupEvents',
  'securityhub:GetFindings',
  'config:DescribeRemediationExceptions',
  'config:DescribeConfigRules',
  'config:GetComplianceDetailsByResource',
  'ec2:DescribeRegions',
  'securityhub:BatchUpdateFindings',
  'config:StartConfigRulesEvaluation',
];

/** Those of the calls that may have changed something: all but what the rule declares for a look, and what is done besides. */
export function changing(rule: Rule, { rules }: Calls): readonly Call[] {
  const looking = grantsOf(rule, 'inspect').flatMap(({ actions }) => actions);
  return rules.filter((call) => ![...looking, ...besides].includes(iamActionOf(call)));
}

const refusals = /^(401|403)$/;

/** Those that were refused for want of permission. */
export const refused = ({ own, rules }: Calls): readonly Call[] => [...own, ...rules].filter(({ status }) => refusals.test(String(status)));

/** How many items were written in the log table: a transaction writes several. */
export function logWrites({ own }: Calls, table: string): number {
  return own
    .filter(({ service, status }) => service === 'dynamodb' && status === 200)
    .reduce((sum, { input }) => {
      const statements = (input.TransactStatements ?? [input]) as readonly { readonly Statement?: string }[];
      return sum + statements.filter(({ Statement }) => Statement?.startsWith(`INSERT INTO "${table}"`)).length;
    }, 0);
}
