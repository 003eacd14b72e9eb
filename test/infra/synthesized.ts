import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CatalogueEntry, loadRules } from '../../functions/catalogue/catalogue';
import type { Bundle, Bundles } from '../../infra/bundle';
import { ownFunctions } from '../../infra/own-functions';
import { type Synthesis, synthesize } from '../../infra/synth';

const build = path.resolve(__dirname, '../../build');

/** A folder of its own under `build`, gone after the tests of the file. */
export function temporaryFolder(name: string): string {
  mkdirSync(build, { recursive: true });
  const folder = mkdtempSync(path.join(build, `${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The app with stand-ins for the bundles: the templates are the same but for the hashes, and are there at once. */
export async function synthesized(
  outdir: string,
  {
    entries = loadRules(),
    policy,
    context,
  }: {
    readonly entries?: readonly CatalogueEntry[];
    readonly policy?: string;
    readonly context?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<Synthesis> {
  const bundles = standIns(
    [
      ...entries.map(({ rule }) => rule.id),
      ...Object.keys(ownFunctions),
      'validator',
      'control',
      'dispatch',
      'reconcile',
      'requests',
      'sweep',
      'archive',
      'watch',
      'report',
    ],
    outdir,
  );
  return synthesize({
    outdir: mkdtempSync(path.join(outdir, 'synth-')),
    entries,
    ...(policy !== undefined && { policy }),
    ...(context && { context }),
    bundles,
    catalogueBundles: {
      validator: standIn(bundles, 'validator'),
      control: standIn(bundles, 'control'),
      dispatch: standIn(bundles, 'dispatch'),
      reconcile: standIn(bundles, 'reconcile'),
      requests: standIn(bundles, 'requests'),
      sweep: standIn(bundles, 'sweep'),
      archive: standIn(bundles, 'archive'),
      watch: standIn(bundles, 'watch'),
      report: standIn(bundles, 'report'),
    },
  });
}

function standIn(bundles: Bundles, id: string): Bundle {
  const bundle = bundles.get(id);
  if (!bundle) throw new Error(`No stand-in for ${id}.`);
  return bundle;
}

function standIns(ids: readonly string[], outdir: string): Bundles {
  return new Map(
    ids.map((id) => {
      const folder = path.join(outdir, 'stand-ins', id);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, 'index.mjs'), `// ${id}`);
      return [id, { folder, bytes: 1, hash: 'a'.repeat(64) }];
    }),
  );
}
