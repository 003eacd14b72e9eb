import { batchKey, sealKey } from '../archive/format';

/** Below them, the archive holds batches, seals and public keys. */
export const prefixes = { batches: 'log/', seals: 'seals/', keys: 'keys/' } as const;

/** The key of a public key, by the SHA-256 of its DER SubjectPublicKeyInfo. */
export const publicKeyKey = (fingerprint: string): string => `${prefixes.keys}${fingerprint}.pem`;

/** The number of a batch by its key; undefined if it is not the key of a batch. Keys have the order of their numbers. */
export function batchNumberOf(key: string): number | undefined {
  const { day = '', digits = '' } = /^log\/day=(?<day>\d{4}-\d\d-\d\d)\/(?<digits>\d{12})\.jsonl$/.exec(key)?.groups ?? {};
  const number = Number(digits);
  return number > 0 && batchKey(day, number) === key ? number : undefined;
}

/** The number of a seal by its key; undefined if it is not the key of a seal. */
export function sealNumberOf(key: string): number | undefined {
  const number = Number(/^seals\/(\d{12})\.json$/.exec(key)?.[1]);
  return number > 0 && sealKey(number) === key ? number : undefined;
}
