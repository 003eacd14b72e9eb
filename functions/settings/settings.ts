import * as z from 'zod';

export const modes = ['observe', 'fix'] as const;
export type Mode = (typeof modes)[number];

/** How one rule is set, as its function gets it. */
export const ruleSettings = z.strictObject({
  mode: z.enum(modes).default('observe'),
  /** Whether the mode was set for this rule by name, or is the default of all. */
  named: z.boolean().default(false),
  /** The key of the tag that exempts a resource. */
  exemptionTag: z.string().min(1).max(128).default('posture:exempt'),
  /** Given to the rule's own schema. */
  parameters: z.record(z.string(), z.json()).default({}),
});
export type RuleSettings = z.infer<typeof ruleSettings>;

/** What the owner sets, in `cdk.json` under `posture`. */
export const settings = z.strictObject({
  defaultMode: z.enum(modes).default('observe'),
  exemptionTag: z.string().min(1).max(128).default('posture:exempt'),
  rules: z
    .record(z.string(), z.strictObject({ mode: z.enum(modes).optional(), parameters: z.record(z.string(), z.json()).default({}) }))
    .default({}),
});
export type Settings = z.infer<typeof settings>;

/** The settings of one rule among all. */
export function settingsOf(rule: string, { defaultMode, exemptionTag, rules }: Settings): RuleSettings {
  const own = rules[rule];
  return { mode: own?.mode ?? defaultMode, named: own?.mode !== undefined, exemptionTag, parameters: own?.parameters ?? {} };
}
