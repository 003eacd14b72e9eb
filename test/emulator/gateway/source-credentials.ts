import { jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';

/** How CodeBuild of an account signs in to the servers of its sources: moto has no such calls. */
export const emulateSourceCredentials = (): { readonly operations: LocalOperations } => {
  const known = new Map<string, { readonly arn: string; readonly serverType: unknown; readonly authType: unknown }[]>();
  const of = ({ account, region }: Place) => known.get(`${account} ${region}`) ?? [];
  return {
    operations: {
      'codebuild:ImportSourceCredentials'({ input: { serverType, authType } }, place) {
        const arn = `arn:aws:codebuild:${place.region}:${place.account}:token/${String(serverType).toLowerCase()}`;
        known.set(`${place.account} ${place.region}`, [...of(place), { arn, serverType, authType }]);
        return jsonAnswer({ arn });
      },
      'codebuild:ListSourceCredentials': (_, place) => jsonAnswer({ sourceCredentialsInfos: of(place) }),
    },
  };
};
