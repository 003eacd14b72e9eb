import { jsonAnswer } from './error';
import type { LocalOperations } from './local';

const standard = ['1.34', '1.33', '1.35'];
const extended = ['1.32', '1.31'];

/** The versions of Kubernetes that EKS knows, two on a page, and clusters that nothing keeps from the next one: moto has no such calls. */
export const emulateClusterVersions = (): { readonly operations: LocalOperations } => ({
  operations: {
    'eks:DescribeClusterVersions'({ input: { versionStatus, nextToken } }) {
      const shown = (versions: readonly string[], of: string) =>
        versions.map((clusterVersion) => ({ clusterVersion, clusterType: 'eks', versionStatus: of }));
      const all = [...shown(standard, 'STANDARD_SUPPORT'), ...shown(extended, 'EXTENDED_SUPPORT')];
      const asked = all.filter((one) => versionStatus === undefined || one.versionStatus === versionStatus);
      const start = Number(nextToken ?? 0);
      const next = start + 2 < asked.length ? { nextToken: String(start + 2) } : {};
      return jsonAnswer({ clusterVersions: asked.slice(start, start + 2), ...next });
    },
    'eks:ListInsights': () => jsonAnswer({ insights: [] }),
  },
});
