import { readdirSync } from 'node:fs';
import path from 'node:path';

/** How one operation of a REST service reads on the wire, from the SDK's own schema. */
interface Route {
  readonly service: string;
  readonly operation: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly query: readonly (readonly [name: string, value: string])[];
}

export interface RestCall {
  readonly service: string;
  readonly operation: string;
  readonly labels: Readonly<Record<string, string>>;
}

type OperationSchema = readonly [9, string, string, { readonly http?: readonly [string, string, number] }];

const isOperation = (value: unknown): value is OperationSchema => Array.isArray(value) && value[0] === 9 && typeof value[3] === 'object';

/** Clients whose package is not named after the name they sign for. */
const packagesOf: Readonly<Record<string, readonly string[]>> = {
  elasticfilesystem: ['efs'],
  es: ['opensearch', 'elasticsearch-service'],
  aoss: ['opensearchserverless'],
  execute: ['api-gateway'],
};

const installed = (): readonly string[] => {
  const folder = path.resolve(path.dirname(require.resolve('@aws-sdk/client-sts/package.json')), '..');
  return readdirSync(folder).flatMap((name) => (name.startsWith('client-') ? [name.slice('client-'.length)] : []));
};

const clientsFor = (signingName: string): readonly string[] => {
  const named = packagesOf[signingName];
  return installed().filter((name) => named?.includes(name) ?? name.replaceAll('-', '').startsWith(signingName.replaceAll('-', '')));
};

const routesOf = (client: string): readonly Route[] =>
  Object.values(require(`@aws-sdk/client-${client}`) as Record<string, unknown>)
    .filter(isOperation)
    .flatMap(([, , operation, { http }]) => {
      if (http === undefined) return [];
      const [template = '/', search = ''] = http[1].split('?');
      return [
        {
          service: client.replaceAll('-', ''),
          operation,
          method: http[0],
          segments: template.split('/').slice(1),
          query: [...new URLSearchParams(search)],
        },
      ];
    });

const routes = new Map<string, readonly Route[]>();

const routesFor = (signingName: string): readonly Route[] => {
  const known = routes.get(signingName) ?? clientsFor(signingName).flatMap(routesOf);
  routes.set(signingName, known);
  return known;
};

const unescaped = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const labelsOf = (template: readonly string[], segments: readonly string[]): Record<string, string> | undefined => {
  const labels: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const name = /^\{([^}+]+)(\+?)\}$/.exec(part);
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (name === null) {
      if (part !== segment) return undefined;
    } else if (name[2] === '+') {
      const rest = segments.slice(index).join('/');
      if (rest === '') return undefined;
      return { ...labels, [name[1] ?? '']: unescaped(rest) };
    } else {
      if (segment === '') return undefined;
      labels[name[1] ?? ''] = unescaped(segment);
    }
  }
  return template.length === segments.length ? labels : undefined;
};

/** The query names its operation by these; a caller other than the SDK may leave `x-id` out. */
const asked = (route: Route, query: URLSearchParams) =>
  route.query.every(([name, value]) =>
    name === 'x-id' ? (query.get(name) ?? value) === value : query.has(name) && (value === '' || query.get(name) === value),
  );

const literals = (route: Route) => route.segments.filter((part) => !part.startsWith('{')).length;

// An exact `x-id` counts more than its absence, and a name in the query more than a shorter path.
const closeness = (route: Route, query: URLSearchParams) => {
  const exact = query.has('x-id') ? 5 : -1;
  return route.query.reduce((sum, [name]) => sum + (name === 'x-id' ? exact : 10), 0) + literals(route);
};

/** Names the operation of a REST call by the schemas of the SDK clients installed; undefined if none has it. */
export const restCall = (signingName: string, method: string, requestPath: string, query: URLSearchParams): RestCall | undefined => {
  const segments = requestPath.split('/').slice(1);
  let best: (RestCall & { readonly score: number }) | undefined;
  for (const route of routesFor(signingName)) {
    if (route.method !== method || !asked(route, query)) continue;
    const labels = labelsOf(route.segments, segments);
    if (labels === undefined) continue;
    const score = closeness(route, query);
    if (best === undefined || score > best.score) best = { service: route.service, operation: route.operation, labels, score };
  }
  return best;
};
