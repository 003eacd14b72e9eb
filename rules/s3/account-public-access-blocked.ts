import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3ControlClient,
} from '@aws-sdk/client-s3-control';
import { undefinedOn } from '../absence';
import { account, accountPublicAccessBlock } from '../account';
import { defineRule } from '../rule';
import { blockIn, isWhole, type PublicAccessBlock, wholeBlock } from './public-access/block';

const block = { unmappable: 'The rule turns all four settings on.', except: ['true'] };
const blocks = { IgnorePublicAcls: block, BlockPublicPolicy: block, BlockPublicAcls: block, RestrictPublicBuckets: block };

export default defineRule({
  id: 's3-account-public-access-blocked',
  title: 'S3 Block Public Access is enabled at the account level',
  why: 'Account-level settings also apply to future buckets and access points, regardless of their own settings.',
  impact:
    'Public access to every bucket and access point of the account ends, in all regions: websites and downloads served directly from S3 stop. Check for public buckets first.',
  severity: 'medium',
  risk: 'disruptive',
  resource: [account, accountPublicAccessBlock],
  changedBy: {
    service: 's3',
    calls: { account: ['PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock'] },
    operations: { PutAccountPublicAccessBlock: 'PutPublicAccessBlock', DeleteAccountPublicAccessBlock: 'DeletePublicAccessBlock' },
  },
  detectedBy: {
    securityHub: ['S3.1'],
    config: ['s3-account-level-public-access-blocks-periodic', 's3-account-level-public-access-blocks'],
    guardDuty: { types: ['Policy:S3/AccountBlockPublicAccessDisabled'] },
  },
  detectorParameters: {
    'S3.1': blocks,
    's3-account-level-public-access-blocks-periodic': blocks,
    's3-account-level-public-access-blocks': blocks,
  },
  permissions: {
    inspect: { actions: ['s3:GetAccountPublicAccessBlock'], on: '*' },
    change: { actions: ['s3:PutAccountPublicAccessBlock'], on: '*' },
  },
  clients: [S3ControlClient],
  commands: [PutPublicAccessBlockCommand, DeletePublicAccessBlockCommand],

  async inspect({ id }, aws) {
    const answer = aws.send(new GetPublicAccessBlockCommand({ AccountId: id }));
    return { block: blockIn((await undefinedOn(['NoSuchPublicAccessBlockConfiguration'], answer))?.PublicAccessBlockConfiguration) };
  },

  plan({ id }, { block }) {
    if (isWhole(block)) return [];
    return [{ do: put(id, wholeBlock), undo: block ? put(id, block) : new DeletePublicAccessBlockCommand({ AccountId: id }) }];
  },

  targets: ({ account }) => ({ PutPublicAccessBlock: { AccountId: account }, DeletePublicAccessBlock: { AccountId: account } }),

  list: async (place) => [place.account],
});

const put = (AccountId: string, PublicAccessBlockConfiguration: PublicAccessBlock) =>
  new PutPublicAccessBlockCommand({ AccountId, PublicAccessBlockConfiguration });
