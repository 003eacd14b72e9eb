import type { Fit } from './fit';
import { marks, scaffold } from './template';

/** What fits a rule about buckets, with the calls that it needs. */
export const bucketFit: Fit = {
  package: '@aws-sdk/client-s3',
  client: 'S3Client',
  type: 'AWS::S3::Bucket',
  arn: 'arn:{partition}:s3:::{id}',
  control: 'S3',
  read: { command: 'GetBucketVersioningCommand', required: ['Bucket'], action: 's3:GetBucketVersioning' },
  write: { command: 'PutBucketVersioningCommand', required: ['Bucket', 'VersioningConfiguration'], action: 's3:PutBucketVersioning' },
};

/** What somebody writes over the words in capitals, for the versioning of buckets. */
const words: readonly (readonly [mark: string, word: string])[] = [
  ['THE EXPECTED STATE, IN A SENTENCE WITHOUT A FULL STOP', 'Buckets keep earlier versions'],
  ['WHAT CAN HAPPEN OTHERWISE.', 'An overwrite is for good.'],
  ['WHAT THE OWNER NOTICES, AND WHAT IT COSTS.', 'Earlier versions are billed.'],
  ["risk: 'safe',", "risk: 'safe',\n  reversible: 'nearly',"],
  ['S3.0', 'ZOO.1'],
  [marks.error, 'NoSuchBucket'],
  [`'${marks.state}'`, "answer.Status ?? 'Suspended'"],
  ['undo: setting(id, value)', "undo: setting(id, value), nearest: 'It can only be suspended.'"],
  [marks.expected, 'Enabled'],
  ['value: string', "value: 'Enabled' | 'Suspended'"],
  ['VersioningConfiguration: value', 'VersioningConfiguration: { Status: value }'],
  [marks.violation, 'a new bucket'],
  [marks.compliant, 'a bucket with versions'],
  [marks.missing, 'no-such-bucket-anywhere'],
  [
    "{ PutBucketVersioningCommand } from '@aws-sdk/client-s3';",
    "{ CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';",
  ],
  [
    marks.making,
    "const Bucket = ['new', world.account, Math.random().toString(36).slice(2)].join('-');\n  await world.send(new CreateBucketCommand({ Bucket }));\n  return Bucket;",
  ],
];

/** The files of a rule about buckets that is finished: its control is `ZOO.1`. */
export const filledScaffold = (service: string, name: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(scaffold(service, name, bucketFit)).map(([path, text]) => [
      path,
      words.reduce((filled, [mark, word]) => filled.replaceAll(mark, word), text),
    ]),
  );
