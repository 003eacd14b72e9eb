import { createHash } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { canonicalJson } from '../canonical-json';
import { type PublicKey, readPublicKey, type Seal } from './seal';

/** A key that signs seals. */
export interface Signer {
  publicKey(): Promise<PublicKey>;
  /** The signature in DER. */
  sign(seal: Seal): Promise<Uint8Array>;
}

/** A key of AWS KMS, by its ARN. */
export function kmsSigner(client: KMSClient, KeyId: string): Signer {
  let known: PublicKey | undefined;
  return {
    async publicKey() {
      if (known) return known;
      const { PublicKey: der } = await client.send(new GetPublicKeyCommand({ KeyId }));
      known = readPublicKey(der ?? new Uint8Array());
      return known;
    },
    async sign(seal) {
      // KMS takes messages of up to 4,096 bytes, and a seal may have more.
      const Message = createHash('sha256').update(canonicalJson(seal)).digest();
      const { Signature } = await client.send(
        new SignCommand({ KeyId, Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' }),
      );
      if (!Signature) throw new Error(`KMS returned no signature of the key ${KeyId}.`);
      return Signature;
    },
  };
}
