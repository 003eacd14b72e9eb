import type { CatalogueEntry } from '../../functions/catalogue/catalogue';
import { bundle } from '../../infra/bundle';

/** Bundles the bare fixes as the functions are bundled: the same SDK, the same tricks, none of our path. */
export const bundleBare = (entries: readonly CatalogueEntry[], folder: string) =>
  bundle(entries, folder, { main: "import { fixBare } from './test/bench/bare';\nvoid fixBare(rule);", functions: {} });
