import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3ControlClient,
} from '@aws-sdk/client-s3-control';
import { unless } from '../absence';
import { account } from '../account';
import { defineRule } from '../rule';
import { blockIn, isWhole, type PublicAccessBlock, wholeBlock } from './public-access/block';

export default defineRule({
  id: 's3-account-public-access-blocked',
  title: 'An account blocks public access to all its S3 buckets and access points',
  why: 'The block of the account is the one that also holds for buckets and access points to come, whatever their own settings say.',
  impact:
    'Every bucket and access point of the account, in all regions, is closed to the public: websites and downloads served straight from S3 stop. Look for public buckets first.',
  severity: 'medium',
  risk: 'disruptive',
  resource: account,
  detectedBy: { securityHub: ['S3.1'], config: ['s3-account-level-public-access-blocks-periodic'] },
  permissions: {
    inspect: { actions: ['s3:GetAccountPublicAccessBlock'], on: '*' },
    change: { actions: ['s3:PutAccountPublicAccessBlock'], on: '*' },
  },
  clients: [S3ControlClient],
  commands: [PutPublicAccessBlockCommand, DeletePublicAccessBlockCommand],

  async inspect({ id }, aws) {
    const answer = aws.send(new GetPublicAccessBlockCommand({ AccountId: id }));
    return { block: blockIn((await unless(['NoSuchPublicAccessBlockConfiguration'], answer))?.PublicAccessBlockConfiguration) };
  },

  plan({ id }, { block }) {
    if (isWhole(block)) return [];
    return [{ do: put(id, wholeBlock), undo: block ? put(id, block) : new DeletePublicAccessBlockCommand({ AccountId: id }) }];
  },

  list: async (place) => [place.account],
});

const put = (AccountId: string, PublicAccessBlockConfiguration: PublicAccessBlock) =>
  new PutPublicAccessBlockCommand({ AccountId, PublicAccessBlockConfiguration });
