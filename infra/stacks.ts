import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { App } from 'aws-cdk-lib';
import type { CatalogueEntry } from '../functions/catalogue/catalogue';
import type { Settings } from '../functions/settings/settings';
import type { Bundles } from './bundle';
import { hubStack } from './hub/stack';
import { memberStack } from './member/stack';

export interface Deployment {
  readonly entries: readonly CatalogueEntry[];
  readonly bundles: Bundles;
  readonly settings: Settings;
}

/** The stacks of a deployment, all from the rules' metadata: no rule is named here. */
export function addStacks(app: App, { entries, bundles, settings }: Deployment): void {
  const { version } = JSON.parse(readFileSync(path.resolve(__dirname, '../package.json'), 'utf8')) as { readonly version: string };
  const member = memberStack(app, entries);
  // Once a route is there, its function needs the role.
  hubStack(app, { entries, bundles, settings, version }).addStackDependency(member);
}
