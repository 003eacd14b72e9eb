import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import * as zod from 'zod';
import type * as Arn from '../../functions/aws/arn';
import type * as EventOf from '../../functions/cli/input/event-of';
import type * as Identify from '../../functions/findings/identify';
import type * as Reported from '../../functions/findings/reported';
import type { LogEvent } from '../../functions/log/event';
import type * as ConfigRead from '../../functions/sources/config/read';
import type * as ReadEvent from '../../functions/sources/read-event';
import type * as Refuse from '../../functions/sources/refuse';
import { type Mutation, mutations } from '../mutants/mutations';
import { aws } from './aws';
import { recordOf, rules } from './end-of';
import { forms, home } from './forms';
import { ocsfVariants } from './ocsf';

const root = path.join(__dirname, '../..');

/** The parsers: what they say of each form is known. */
const parsers = [
  'functions/aws/arn.ts',
  'functions/cli/input/event-of.ts',
  'functions/findings/identify.ts',
  'functions/findings/reported.ts',
  'functions/sources/config/read.ts',
  'functions/sources/refuse.ts',
  'functions/sources/security-hub/asff.ts',
  'functions/sources/security-hub/control-finding.ts',
  'functions/sources/security-hub/control-id.ts',
  'functions/sources/security-hub/origin.ts',
  'functions/sources/security-hub/read.ts',
  'functions/sources/security-hub/v2/ocsf.ts',
  'functions/sources/security-hub/v2/own-update.ts',
  'functions/sources/security-hub/v2/read.ts',
];

/** What is said of all forms with one fault in one file; undefined where the code throws. */
async function endsWith(file: string, { start, end, text }: Mutation): Promise<string | undefined> {
  const source = readFileSync(path.join(root, file), 'utf8');
  const mutated = source.slice(0, start) + text + source.slice(end);
  let parsing: Promise<string> | undefined;
  jest.isolateModules(() => {
    // It takes most of the time to load, and has no faults here.
    jest.doMock('zod', () => zod);
    jest.doMock(path.join(root, file), () => load(path.join(root, file), mutated));
    const { readEvent } = require('../../functions/sources/read-event') as typeof ReadEvent;
    const identifying = require('../../functions/findings/identify') as typeof Identify;
    const { identify } = identifying;
    const { isUnread } = require('../../functions/sources/refuse') as typeof Refuse;
    const probed = [
      probe(require('../../functions/aws/arn'), require('../../functions/findings/reported'), identifying),
      probeChange(require('../../functions/sources/config/read')),
      probeEvents(require('../../functions/cli/input/event-of'), { readEvent }),
    ];
    parsing = Promise.all(forms.map((form) => recordOf(form, { readEvent, identify, isUnread, aws }))).then((all) =>
      JSON.stringify([probed, all]),
    );
  });
  jest.dontMock(path.join(root, file));
  return parsing?.catch(() => undefined);
}

/** What no event brings to the parsers, as its shape is checked before; messages, operators and the log do. */
function probe({ parseArn }: typeof Arn, { reportedAs }: typeof Reported, { resourceOf }: typeof Identify): unknown {
  const place = 'arn:aws:ec2:moon:111122223333:vpc/a';
  const ends = ['arn:aws:s3:::', 'arn:aws:s3:::a', `arn:aws:s3:::${'x'.repeat(2040)}`, 'arn:aws:s3:::a\ud83d'];
  const kind = { type: 'AWS::S3::Bucket', arn: 'arn:{partition}:s3:::{id}', scope: 'global' } as const;
  const rule = { id: 'a-rule', resource: [{ ...kind, type: 'AWS::KMS::Key' }, kind] };
  const logged = (resourceType: string) => ({ ...home, resource: 'arn:aws:s3:::a', resourceType }) as LogEvent;
  return [
    ['', 'a\ud83d', 'arn', 'x'.repeat(1601), place, ...ends].map((text) => [parseArn(text), reportedAs(kind, home, text, 'it')]),
    messageOf(() => resourceOf(rule, logged(kind.type))),
    messageOf(() => resourceOf(rule, logged('AWS::EC2::VPC'))),
  ];
}

/** What the dispatcher alone reads. */
const probeChange = ({ deployedIn }: typeof ConfigRead): unknown =>
  [{}, { configRuleARN: 'arn:a' }, { configRuleArn: 'arn:b' }].map((more) =>
    deployedIn({ id: 'a', place: home, detail: { configRuleName: 'acme', ...more } } as unknown as ConfigRead.ComplianceChange),
  );

const ofPorts = rules.find(({ detectedBy }) => detectedBy.securityHub.includes('EC2.18')) as (typeof rules)[number];

/** The events that the command line makes of findings, and what is read of those of OCSF. */
const probeEvents = ({ eventOfOcsf, eventOf }: typeof EventOf, { readEvent }: typeof ReadEvent): unknown => [
  ocsfVariants.map((finding) =>
    messageOf(() => {
      const event = { ...eventOfOcsf(finding), time: '2026-11-24T12:00:00Z' };
      return [event, readEvent(ofPorts, event, {})];
    }),
  ),
  ['arn:aws:securityhub:us-east-1::product/aws/securityhub', 'none'].flatMap((ProductArn) =>
    [undefined, 'eu-west-1'].map((Region) => ({ ...eventOf({ AwsAccountId: home.account, ProductArn, Region }), time: '' })),
  ),
];

function messageOf(act: () => unknown): string {
  try {
    return `none: ${JSON.stringify(act())}`;
  } catch (error) {
    return String(error);
  }
}

function load(file: string, source: string): object {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const made = { exports: {} };
  const near = (id: string): unknown => require(id.startsWith('.') ? path.resolve(path.dirname(file), id) : id);
  new Function('require', 'module', 'exports', outputText)(near, made, made.exports);
  return made.exports;
}

test.each(parsers)('each fault in %s is caught by the forms', async (file) => {
  const source = readFileSync(path.join(root, file), 'utf8');
  const faults = mutations(source).filter(({ kind }) => kind === 'check' || kind === 'filter');
  const none = await endsWith(file, { start: 0, end: 0, text: '', kind: 'check', line: 0, what: 'nothing' });
  expect(none).toBeDefined();
  const survivors: string[] = [];
  for (const fault of faults) if ((await endsWith(file, fault)) === none) survivors.push(`${fault.line}: ${fault.what}`);
  expect(survivors).toEqual([]);
});
