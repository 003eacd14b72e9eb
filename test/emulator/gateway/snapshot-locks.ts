import { xmlAnswer } from './error';
import type { LocalOperations, Place } from './local';

interface Lock {
  readonly mode: string;
  readonly days: number;
}

/** The part of EC2 that moto lacks: locks of snapshots. */
export const emulateSnapshotLocks = () => {
  const locks = new Map<string, Lock>();
  const keyOf = ({ account, region }: Place, id: string) => `${account} ${region} ${id}`;
  const operations: LocalOperations = {
    'ec2:LockSnapshot': ({ input }, place) => {
      const id = String(input.SnapshotId);
      const lock = { mode: String(input.LockMode), days: Number(input.LockDuration) };
      locks.set(keyOf(place, id), lock);
      return xmlAnswer(`<LockSnapshotResponse><requestId>1</requestId>${shown(id, lock)}</LockSnapshotResponse>`);
    },
    'ec2:DescribeLockedSnapshots': ({ input }, place) => {
      const ids = Object.entries(input).flatMap(([name, value]) => (/^SnapshotId\.\d+$/.test(name) ? [String(value)] : []));
      const items = ids.flatMap((id) => {
        const lock = locks.get(keyOf(place, id));
        return lock ? [`<item>${shown(id, lock)}</item>`] : [];
      });
      const set = `<snapshotSet>${items.join('')}</snapshotSet>`;
      return xmlAnswer(`<DescribeLockedSnapshotsResponse><requestId>1</requestId>${set}</DescribeLockedSnapshotsResponse>`);
    },
  };
  return { operations };
};

const shown = (id: string, { mode, days }: Lock): string =>
  `<snapshotId>${id}</snapshotId><lockState>${mode}</lockState><lockDuration>${days}</lockDuration>`;
