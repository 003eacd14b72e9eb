import { jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';

/** What EMR blocks in an account and region: moto takes every setting for `true`. */
export const emulateMapReduce = (): { readonly operations: LocalOperations } => {
  const settings = new Map<string, unknown>();
  const nameOf = ({ account, region }: Place): string => `${account} ${region}`;

  const operations: LocalOperations = {
    'elasticmapreduce:PutBlockPublicAccessConfiguration'({ input }, place) {
      settings.set(nameOf(place), input.BlockPublicAccessConfiguration);
      return jsonAnswer({});
    },

    'elasticmapreduce:GetBlockPublicAccessConfiguration'(_operation, place) {
      return jsonAnswer({ BlockPublicAccessConfiguration: settings.get(nameOf(place)) ?? { BlockPublicSecurityGroupRules: false } });
    },
  };

  return { operations };
};
