import { createHash } from 'node:crypto';

/** A Merkle tree by RFC 6962 over leaves that are added one by one: it keeps a hash for each power of two, whatever the number of leaves. */
export interface MerkleTree {
  readonly size: number;
  add(leaf: Uint8Array): void;
  /** In hexadecimal. */
  root(): string;
}

export function merkleTree(): MerkleTree {
  /** The roots of complete subtrees, the largest first. */
  const subtrees: Buffer[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(leaf) {
      size += 1;
      let hash = hashOf(0, leaf);
      for (let rest = size; rest % 2 === 0; rest /= 2) hash = hashOf(1, subtrees.pop() ?? empty, hash);
      subtrees.push(hash);
    },
    root: () =>
      (subtrees.reduceRight<Buffer | undefined>((right, left) => (right ? hashOf(1, left, right) : left), undefined) ?? empty).toString(
        'hex',
      ),
  };
}

/** The root over hashes in hexadecimal: each leaf is the 32 bytes of one. */
export function rootOf(hashes: readonly string[]): string {
  const tree = merkleTree();
  for (const hash of hashes) tree.add(Buffer.from(hash, 'hex'));
  return tree.root();
}

/** The prefix keeps a node from being taken for a leaf. */
function hashOf(prefix: 0 | 1, ...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256').update(Uint8Array.of(prefix));
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const empty = createHash('sha256').digest();
