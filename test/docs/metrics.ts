import { pages } from './pages';

/** The metrics that docs/operate.md lists. */
export const documentedMetrics: readonly string[] = [...(pages.get('docs/operate.md') ?? '').matchAll(/^\| `([A-Z]\w+)` \|/gm)].map(
  ([, name = '']) => name,
);
