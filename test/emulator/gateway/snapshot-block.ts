import { xmlAnswer } from './error';
import type { LocalOperations, Place } from './local';

/** The part of EC2 that moto lacks: whether the snapshots of an account and region can be public. */
export const emulateSnapshotBlock = () => {
  const states = new Map<string, string>();
  const keyOf = ({ account, region }: Place) => `${account} ${region}`;
  const said = (name: string, place: Place) =>
    xmlAnswer(
      `<${name}Response><requestId>1</requestId><state>${states.get(keyOf(place)) ?? 'unblocked'}</state><managedBy>account</managedBy></${name}Response>`,
    );
  const operations: LocalOperations = {
    'ec2:GetSnapshotBlockPublicAccessState': (_, place) => said('GetSnapshotBlockPublicAccessState', place),
    'ec2:EnableSnapshotBlockPublicAccess': ({ input }, place) => {
      states.set(keyOf(place), String(input.State));
      return said('EnableSnapshotBlockPublicAccess', place);
    },
    'ec2:DisableSnapshotBlockPublicAccess': (_, place) => {
      states.delete(keyOf(place));
      return said('DisableSnapshotBlockPublicAccess', place);
    },
  };
  return { operations };
};
