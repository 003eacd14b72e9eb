import { AwsError } from '../error';
import type { Service } from '../request';

/** Evaluations of Config rules, one a minute, each without parameters; nobody has set a remediation exception. */
export function config(): Service {
  const evaluated = new Map<string, number>();
  return {
    StartConfigRulesEvaluation({ input, account, region, now }) {
      for (const name of input.ConfigRuleNames) {
        const key = `${account} ${region} ${name}`;
        if (now - (evaluated.get(key) ?? 0) < 60_000)
          throw new AwsError('LimitExceededException', 'The rule was evaluated within the last minute.', 400);
        evaluated.set(key, now);
      }
      return {};
    },
    DescribeConfigRules: ({ input }) => ({
      ConfigRules: input.ConfigRuleNames.map((ConfigRuleName: string) => ({
        ConfigRuleName,
        Source: { Owner: 'AWS' },
        InputParameters: '{}',
        CreatedBy: 'config-conforms.amazonaws.com',
      })),
    }),
    DescribeRemediationExceptions: () => ({ RemediationExceptions: [] }),
  };
}
