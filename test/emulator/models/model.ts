import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { corrections } from './corrections';

/** A reference to a shape, from an operation or from another shape. */
export interface Member {
  readonly shape: string;
  /** The SDK fills it in. */
  readonly idempotencyToken?: boolean;
  readonly jsonvalue?: boolean;
  readonly streaming?: boolean;
}

export interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, Member>>;
  readonly required?: readonly string[];
  /** Exactly one of the members is set. */
  readonly union?: boolean;
  /** Any JSON. */
  readonly document?: boolean;
  readonly eventstream?: boolean;
  readonly streaming?: boolean;
  readonly member?: Member;
  readonly key?: Member;
  readonly value?: Member;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
}

/** What AWS says of the API of a service, as botocore has it. */
export interface Model {
  readonly metadata: { readonly serviceId: string };
  readonly operations: Readonly<Record<string, { readonly input?: Member; readonly output?: Member }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** The model of the service of this name: the last part of the SDK's namespace, such as `configservice`. */
export type Models = (service: string) => Model | undefined;

/** Reads models from botocore's folder of data, each when it is first asked for. */
export function modelsIn(folder: string): Models {
  const kept = new Map<string, Model | undefined>();
  let folders: ReadonlyMap<string, string> | undefined;
  return (service) => {
    if (!kept.has(service)) {
      folders ??= foldersByService(folder);
      const found = folders.get(service);
      kept.set(service, found === undefined ? undefined : merged<Model>(modelIn(found), corrections[service] ?? {}));
    }
    return kept.get(service);
  };
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The newest version of each service, by the service's id, or by the folder's name where the file begins otherwise. */
function foldersByService(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const version = readdirSync(path.join(folder, name))
      .sort()
      .findLast((one) => existsSync(path.join(folder, name, one, file)));
    if (version === undefined) continue;
    const newest = path.join(folder, name, version);
    found.set(plain(serviceIdIn(path.join(newest, file)) ?? name), newest);
  }
  return found;
}

const file = 'service-2.json.gz';

/** Of the begin of a model alone: to unpack all takes seconds. */
function serviceIdIn(packed: string): string | undefined {
  const begin = Buffer.alloc(2048);
  const opened = openSync(packed, 'r');
  const size = readSync(opened, begin);
  closeSync(opened);
  const text = gunzipSync(begin.subarray(0, size), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
  return /"serviceId":\s*"([^"]+)"/.exec(text)?.[1];
}

function modelIn(folder: string): object {
  const model = JSON.parse(gunzipSync(readFileSync(path.join(folder, file))).toString());
  const extras = path.join(folder, 'service-2.sdk-extras.json');
  return existsSync(extras) ? merged(model, JSON.parse(readFileSync(extras, 'utf8')).merge) : model;
}

// As botocore does: what the SDKs take, and the service does not know of.
function merged<Merged>(base: unknown, over: unknown): Merged {
  if (!isObject(base) || !isObject(over)) return over as Merged;
  const both = Object.entries(over).map(([key, value]) => [key, key in base ? merged(base[key], value) : value]);
  return { ...base, ...Object.fromEntries(both) } as Merged;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

declare global {
  /** Undefined where no emulator could be started. */
  var awsModels: Models | undefined;
}
