import { StartConfigRulesEvaluationCommand } from '@aws-sdk/client-config-service';
import type { Aws } from '../../../rules/rule';
import type { Cooldowns } from '../../coordination/cooldown';
import type { Finding } from '../../findings/finding';
import { isServiceLinked } from './managed-rule';

/** AWS Config rejects a second evaluation of a rule within a minute. */
const minute = 60;

/** Starts an evaluation of the Config rule, at most once per minute. A fix within that minute is detected by the rule's next regular evaluation. */
export async function evaluateAgain({ configRule, account, region }: Finding, cooldowns: Cooldowns, aws: Aws): Promise<void> {
  if (configRule === undefined || isServiceLinked(configRule)) return;
  if (!(await cooldowns.take(`evaluation ${account} ${region} ${configRule}`, minute))) return;
  await aws.send(new StartConfigRulesEvaluationCommand({ ConfigRuleNames: [configRule] }));
}
