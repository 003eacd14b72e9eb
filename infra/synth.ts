import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { type CatalogueEntry, loadRules } from '../functions/catalogue/catalogue';
import type { Json } from '../rules/rule';
import { type Bundles, bundle } from './bundle';
import { bundleOfCatalogue, type CatalogueBundles } from './bundle/of-catalogue';
import { routeNameOf } from './names';
import { policyIn } from './policy-file';
import { checkStackLimits, stacksOf } from './stack-limits';
import { addStacks } from './stacks';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, Json>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly Condition?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Conditions?: Readonly<Record<string, Json>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: Json }>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: string }>>;
}

export interface SynthesisOptions {
  /** Gets `functions` and `of-catalogue` with the bundles and `cdk.out` with the cloud assembly. */
  readonly outdir: string;
  /** The text of a policy file. Default: the policy of a new deployment. */
  readonly policy?: string;
  /** What `cdk.json` or `--context` would give. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Default: the whole catalogue. */
  readonly entries?: readonly CatalogueEntry[];
  /** Default: created here. */
  readonly bundles?: Bundles;
  /** Default: created here. */
  readonly catalogueBundles?: CatalogueBundles;
}

export interface Synthesis {
  readonly app: App;
  /** The folder of the cloud assembly, with templates and assets. */
  readonly assembly: string;
  /** By the name of the stack; those of nested stacks by `<parent>/<service>`. */
  readonly templates: ReadonlyMap<string, Template>;
  readonly bundles: Bundles;
  readonly catalogueBundles: CatalogueBundles;
  /** The event patterns of each rule's routes as its template has them, by rule id. */
  readonly patterns: ReadonlyMap<string, readonly Readonly<Record<string, Json>>[]>;
}

/** Synthesizes the app in this process, like `cdk synth` but without the validation of the templates by the CDK, which takes two seconds. */
export async function synthesize({
  outdir,
  policy = '',
  context = {},
  entries = loadRules(),
  bundles,
  catalogueBundles,
}: SynthesisOptions): Promise<Synthesis> {
  const app = new App({
    outdir: path.join(outdir, 'cdk.out'),
    context: { ...context },
    analyticsReporting: false,
    stackTraces: false,
    treeMetadata: false,
  });
  const made = bundles ?? (await bundle(entries, path.join(outdir, 'functions')));
  const ofCatalogue = catalogueBundles ?? (await bundleOfCatalogue(entries, path.join(outdir, 'of-catalogue')));
  addStacks(app, { entries, bundles: made, policy: policyIn(policy, entries), catalogueBundles: ofCatalogue });
  const { directory } = withoutValidation(() => app.synth());
  checkStackLimits(app, directory);
  const templates = templatesOf(app, directory);
  return { app, assembly: directory, templates, bundles: made, catalogueBundles: ofCatalogue, patterns: patternsOf(entries, templates) };
}

function withoutValidation<Value>(action: () => Value): Value {
  const before = process.env.CDK_VALIDATION;
  process.env.CDK_VALIDATION = 'false';
  try {
    return action();
  } finally {
    if (before === undefined) delete process.env.CDK_VALIDATION;
    else process.env.CDK_VALIDATION = before;
  }
}

function templatesOf(app: App, directory: string): ReadonlyMap<string, Template> {
  return new Map(
    [...stacksOf(app)].map(([name, { templateFile }]) => [
      name,
      JSON.parse(readFileSync(path.join(directory, templateFile), 'utf8')) as Template,
    ]),
  );
}

function patternsOf(entries: readonly CatalogueEntry[], templates: ReadonlyMap<string, Template>) {
  const routes = [...templates.values()]
    .flatMap(({ Resources }) => Object.values(Resources))
    .filter(({ Type }) => Type === 'AWS::Events::Rule')
    .map(({ Properties = {} }) => [Properties.Name, Properties.EventPattern as Readonly<Record<string, Json>>] as const);
  const byName = new Map(routes);
  return new Map(
    entries.map(({ rule: { id } }) => {
      const patterns = routes.map((_, index) => byName.get(routeNameOf(id, index))).filter((pattern) => pattern !== undefined);
      if (patterns.length === 0) throw new Error(`The templates have no route for the rule ${id}.`);
      return [id, patterns] as const;
    }),
  );
}
