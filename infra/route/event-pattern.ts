import { customActionId } from '../../functions/findings/custom-action';
import type { Json, Rule } from '../../rules/rule';

type Pattern = { readonly [key: string]: Json };

/** The length that EventBridge takes. */
const maximum = 2048;

/**
 * The EventBridge pattern of a rule's route: the events of its Security Hub controls and AWS Config rules that report a fault, or by which a
 * person asks for a fix. A finding that is resolved or suppressed does not match, so our own update of one does not come back. The name of
 * a Config rule can begin with that of another: `overlaps` tells, and the adapter is exact.
 */
export function eventPattern({ id, detectedBy: { securityHub, config } }: Pick<Rule, 'id' | 'detectedBy'>): Pattern {
  // Findings from before Security Hub had one id for all standards name their control at the end of the generator alone.
  const controls =
    securityHub.length === 0
      ? []
      : [{ Compliance: { SecurityControlId: securityHub } }, { GeneratorId: securityHub.map((control) => ({ suffix: `/${control}` })) }];
  const branches: readonly Pattern[] = [
    ...controls.map(({ Compliance, ...rest }) => ({
      'detail-type': ['Security Hub Findings - Imported'],
      detail: {
        findings: {
          ...rest,
          Compliance: { ...Compliance, Status: ['FAILED'] },
          RecordState: ['ACTIVE'],
          Workflow: { Status: ['NEW', 'NOTIFIED'] },
        },
      },
    })),
    ...controls.map((control) => ({
      'detail-type': ['Security Hub Findings - Custom Action'],
      resources: [{ suffix: `:action/custom/${customActionId}` }],
      detail: { findings: control },
    })),
    ...(config.length === 0 ? [] : [complianceChange(config)]),
  ];
  const [first, ...others] = branches;
  if (!first)
    throw new Error(`The rule ${id} is detected by nothing: name a Security Hub control or an AWS Config managed rule in its detectedBy.`);
  const source = [...(securityHub.length === 0 ? [] : ['aws.securityhub']), ...(config.length === 0 ? [] : ['aws.config'])];
  // EventBridge wants two branches at least in an `$or`.
  const pattern: Pattern = others.length === 0 ? { source, ...first } : { source, $or: branches };
  const { length } = JSON.stringify(pattern);
  if (length > maximum) {
    const names = securityHub.length + config.length;
    throw new Error(
      `The event pattern of the rule ${id} has ${length} characters, and EventBridge takes ${maximum}: split the rule, as its detectedBy has ${names} names.`,
    );
  }
  return pattern;
}

/** A managed rule under its own name, as Security Hub deploys it, and as a conformance pack does. */
const complianceChange = (config: readonly string[]) => ({
  'detail-type': ['Config Rules Compliance Change'],
  detail: {
    messageType: ['ComplianceChangeNotification'],
    newEvaluationResult: { complianceType: ['NON_COMPLIANT'] },
    configRuleName: [...config, ...config.flatMap((name) => [{ prefix: `securityhub-${name}-` }, { prefix: `${name}-conformance-pack-` }])],
  },
});
