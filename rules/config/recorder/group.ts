import type { RecordingGroup } from '@aws-sdk/client-config-service';

/** The resource types that a recorder records: all (with or without global types), selected ones, or all except some. */
export type Group =
  | { readonly all: true; readonly global: boolean }
  | { readonly only: readonly string[] }
  | { readonly except: readonly string[] };

export function groupOf({ allSupported, includeGlobalResourceTypes, resourceTypes, exclusionByResourceTypes }: RecordingGroup): Group {
  if (allSupported) return { all: true, global: includeGlobalResourceTypes ?? false };
  const except = exclusionByResourceTypes?.resourceTypes ?? [];
  return except.length > 0 ? { except: [...except].sort() } : { only: [...(resourceTypes ?? [])].sort() };
}

/** A group as AWS Config accepts it: only with the members of its strategy. */
export function recordingGroup(group: Group): RecordingGroup {
  if ('all' in group) return { allSupported: true, includeGlobalResourceTypes: group.global };
  if ('only' in group) return { allSupported: false, includeGlobalResourceTypes: false, resourceTypes: [...group.only] as never };
  return {
    allSupported: false,
    includeGlobalResourceTypes: false,
    exclusionByResourceTypes: { resourceTypes: [...group.except] as never },
    recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' },
  };
}
