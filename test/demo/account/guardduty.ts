import { CreateDetectorCommand } from '@aws-sdk/client-guardduty';
import { ownAccount, type Piece } from './piece';

export const guardduty: readonly Piece[] = [
  { control: 'GuardDuty.1', words: 'nobody looks for threats', resource: ownAccount, ends: 'fixed' },
  {
    control: 'GuardDuty.1',
    region: 'eu-central-1',
    words: 'another region, where GuardDuty looks already',
    async resource(world) {
      await world.send(new CreateDetectorCommand({ Enable: true }));
      return ownAccount(world);
    },
    ends: 'already-compliant',
  },
];
