import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { App } from 'aws-cdk-lib';
import type { CatalogueEntry } from '../functions/catalogue/catalogue';
import type { Policy } from '../functions/policy/policy';
import type { Bundles } from './bundle';
import type { CatalogueBundles } from './bundle/of-catalogue';
import { centralStack } from './central/stack';
import { memberStack } from './member/stack';
import { watchStack } from './member/watch-stack';

export interface Deployment {
  readonly entries: readonly CatalogueEntry[];
  readonly bundles: Bundles;
  readonly policy: Policy;
  readonly catalogueBundles: CatalogueBundles;
}

/** The stacks of a deployment, derived from the metadata of the rules. No rule is named here. */
export function addStacks(app: App, { entries, bundles, policy, catalogueBundles }: Deployment): void {
  const { version } = JSON.parse(readFileSync(path.resolve(__dirname, '../package.json'), 'utf8')) as { readonly version: string };
  const member = memberStack(app, entries);
  watchStack(
    app,
    entries.map(({ rule }) => rule),
  );
  // As soon as a route exists, its function needs the role.
  centralStack(app, { entries, bundles, policy, catalogueBundles, version }).addStackDependency(member);
}
