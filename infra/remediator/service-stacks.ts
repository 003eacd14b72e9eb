import type { CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import type { CatalogueEntry } from '../../functions/catalogue/catalogue';
import type { Rule } from '../../rules/rule';
import type { RemediatorProps } from './remediator';
import { serviceStack } from './service-stack';

/**
 * The number of services that are deployed at the same time. Lambda allows fifteen control plane requests per second, and a deployment of all
 * services at the same time can exceed that.
 */
const maxConcurrency = 4;

export interface ServiceStacksProps {
  /** What exists before the routes do. */
  readonly uses: readonly CfnResource[];
  readonly propsOf: (rule: Rule) => RemediatorProps;
}

/** One nested stack per service with the functions of its rules. */
export function serviceStacks(stack: Stack, entries: readonly CatalogueEntry[], { uses, propsOf }: ServiceStacksProps): void {
  const made: NestedStack[] = [];
  for (const service of new Set(entries.map((entry) => entry.service))) {
    const remediators = entries.filter((entry) => entry.service === service).map(({ rule }) => propsOf(rule));
    const before = made.at(-maxConcurrency)?.nestedStackResource as CfnResource | undefined;
    made.push(serviceStack(stack, service, remediators, before ? [...uses, before] : uses));
  }
}
