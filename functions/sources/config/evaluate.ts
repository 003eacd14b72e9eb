import { StartConfigRulesEvaluationCommand } from '@aws-sdk/client-config-service';
import type { Aws } from '../../../rules/rule';
import type { Cooldowns } from '../../coordination/cooldown';
import type { Finding } from '../../findings/finding';

/** AWS Config refuses to evaluate a rule again within a minute. */
const minute = 60;

/** Has AWS Config evaluate its rule again, at most once a minute; a fix within that minute shows at the rule's own next evaluation. */
export async function evaluateAgain({ configRule, account, region }: Finding, cooldowns: Cooldowns, aws: Aws): Promise<void> {
  if (!configRule) return;
  if (!(await cooldowns.take(`evaluation ${account} ${region} ${configRule}`, minute))) return;
  await aws.send(new StartConfigRulesEvaluationCommand({ ConfigRuleNames: [configRule] }));
}
