import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Access } from '../../functions/aws/leading-keys';
import {
  accessOfArchive,
  accessOfControl,
  accessOfNotify,
  accessOfReader,
  accessOfRule,
  accessOfSeal,
  accessOfSweep,
  keys,
  orderKeys,
} from '../../functions/coordination/keys';
import type { Rule } from '../../rules/rule';
import { like } from '../emulator/gateway/permissions/wildcard';
import * as fc from '../fast-check';

const bucket = { type: 'AWS::S3::Bucket', arn: 'arn:{partition}:s3:::{name}' } as const;
const queue = { type: 'AWS::SQS::Queue', arn: 'arn:{partition}:sqs:{region}:{account}:{name}' } as const;
const accessOf = (id: string, resource: typeof bucket | typeof queue, more: Pick<Rule, 'response'> = {}) =>
  accessOfRule({ id, resource, ...more } as Pick<Rule, 'id' | 'resource' | 'response'>);

/** All who have access to the tables. The names of the rules begin alike. */
const access = {
  rule: accessOf('r', bucket),
  longer: accessOf('r-too', queue),
  response: accessOf('r-response', bucket, { response: true }),
  control: accessOfControl,
  notify: accessOfNotify,
  reader: accessOfReader,
  sweep: accessOfSweep,
  archive: accessOfArchive,
  seal: accessOfSeal,
} as const;

const actionsOn = (key: string, held: Access) =>
  held.flatMap(([action, patterns]) => (patterns.some((pattern) => like(pattern, key)) ? [action] : [])).toSorted();

const arn = 'arn:aws:s3:::reports in eu-west-1 of 111122223333';
const account = '111122223333';
const read = ['BatchGetItem', 'ConditionCheckItem'];
const stopping = ['BatchGetItem', 'DeleteItem', 'PutItem'];
const people = ['DeleteItem', 'GetItem', 'PutItem'];

const policyReaders = {
  rule: ['BatchGetItem'],
  response: ['BatchGetItem'],
  longer: ['BatchGetItem'],
  notify: ['BatchGetItem'],
  reader: ['BatchGetItem'],
};

type May = readonly [key: string, may: Partial<Record<keyof typeof access, readonly string[]>>];

/** By family a key of the rule `r`, and who may do what to it: whoever is left out may do nothing. */
const orders: Readonly<Record<keyof typeof orderKeys, May>> = {
  stop: [orderKeys.stop, { rule: ['BatchGetItem'], longer: ['BatchGetItem'], response: ['BatchGetItem'], control: stopping }],
  stopOf: [orderKeys.stopOf('settings'), { rule: ['BatchGetItem'], longer: ['BatchGetItem'], control: stopping }],
  approval: [orderKeys.approval('r', '01JDA'), { rule: read, control: people }],
  rollback: [orderKeys.rollback('r', '01JDA'), { rule: ['GetItem'], control: ['PutItem'] }],
  hold: [orderKeys.hold('r', arn), { rule: ['BatchGetItem'], control: people }],
  policy: [orderKeys.policy, { ...policyReaders, control: ['BatchGetItem', 'PutItem'] }],
  policyCheck: [orderKeys.policyCheck, { ...policyReaders, control: ['BatchGetItem', 'PutItem'] }],
  policySession: [orderKeys.policySession, { control: ['BatchGetItem', 'PutItem'] }],
  breaker: [orderKeys.breaker('r', account), { rule: ['BatchGetItem'], control: ['BatchGetItem', 'PutItem', 'UpdateItem'] }],
};
const breakers = { rule: ['BatchGetItem', 'UpdateItem'], control: ['BatchGetItem'] };
const coordination: Readonly<Record<keyof typeof keys, May>> = {
  lease: [keys.lease(arn), { rule: ['BatchGetItem', 'UpdateItem'], response: ['BatchGetItem', 'UpdateItem'] }],
  // A rule that is no response neither lifts a containment nor fakes one.
  contained: [
    keys.contained(arn),
    { rule: ['BatchGetItem', 'GetItem'], response: ['BatchGetItem', 'DeleteItem', 'GetItem', 'UpdateItem'], control: ['BatchGetItem'] },
  ],
  open: [keys.open('r', arn), { rule: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem'] }],
  repeat: [keys.repeat('r', arn), { rule: ['BatchGetItem', 'DeleteItem', 'PutItem', 'UpdateItem'] }],
  look: [keys.look('r', arn), { rule: ['BatchGetItem', 'GetItem', 'UpdateItem'] }],
  permit: [keys.permit('r', '01JDA', 1), { rule: ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'], control: ['BatchGetItem'] }],
  count: [keys.count('rule r', '2026-11-24T13'), { rule: ['BatchGetItem', 'UpdateItem'], control: ['BatchGetItem', 'UpdateItem'] }],
  // A rule that is no response can't use up what responses may do by themselves.
  cap: [keys.cap(`account ${account}`, '2026-11-24T13'), { response: ['BatchGetItem', 'UpdateItem'] }],
  drill: [keys.drill('r-response', account), { response: ['PutItem'] }],
  ask: [keys.ask('r', arn), { rule: ['BatchGetItem', 'DeleteItem', 'PutItem'], control: ['DeleteItem', 'GetItem'] }],
  fixes: [keys.fixes('r', arn), { rule: ['BatchGetItem', 'UpdateItem'] }],
  breaker: [keys.breaker('r', account), breakers],
  queue: [keys.queue('rule r', 'hour'), { rule: ['BatchGetItem', 'UpdateItem'] }],
  turn: [keys.turn('r', `${arn} S3.1`), { rule: ['GetItem', 'PutItem'] }],
  handedOn: [keys.handedOn('r', 'hash'), { rule: ['GetItem', 'UpdateItem'] }],
  routes: [keys.routes, { control: ['PutItem'] }],
  sweep: [keys.sweep, { sweep: ['GetItem', 'PutItem'] }],
  archive: [keys.archive, { archive: ['GetItem', 'PutItem', 'UpdateItem'] }],
  archiveCheck: [keys.archiveCheck, { archive: ['GetItem', 'PutItem'] }],
  demands: [keys.demands('r', arn), { rule: ['GetItem', 'UpdateItem'] }],
  cooldown: [keys.cooldown('r', 'evaluate'), { rule: ['PutItem'] }],
  seal: [keys.seal, { seal: ['PutItem'] }],
  notifiedOnce: [keys.notifiedOnce('event', 'arn:aws:sns:eu-west-1:111122223333:posture-a'), { notify: ['UpdateItem'] }],
  notifiedMinute: [keys.notifiedMinute('arn:aws:sns:eu-west-1:111122223333:posture-a', '2026-11-24T13:05'), { notify: ['UpdateItem'] }],
};
const families = [
  ...Object.entries(orders).map(([name, may]) => ['orders', name, may] as const),
  ...Object.entries(coordination).map(([name, may]) => ['coordination', name, may] as const),
];

it.each(families)('items in %s of the family %s are touched by those whose they are, and by nobody else', (table, _, [key, may]) => {
  const found = Object.fromEntries(
    Object.entries(access).flatMap(([who, held]) => {
      const actions = actionsOn(key, held[table]);
      return actions.length === 0 ? [] : [[who, actions]];
    }),
  );
  expect(found).toEqual(may);
});

it('no rule can write an order', () => {
  const actions = new Set(access.rule.orders.map(([action]) => action));
  expect(actions).toEqual(new Set(['BatchGetItem', 'ConditionCheckItem', 'GetItem']));
});

it('the shared counters are written by every rule, and the counter of a rule by that rule alone', () => {
  const shared = [keys.count('all', '2026-11-24T13'), keys.count(`account ${account}`, '2026-11-24')];
  for (const key of shared)
    for (const held of [access.rule, access.longer]) expect(actionsOn(key, held.coordination)).toContain('UpdateItem');
  expect(actionsOn(keys.count('rule r', '2026-11-24'), access.longer.coordination)).toEqual([]);
});

const id = fc.stringMatching(/^[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,3}){0,2}$/);

it('no rule reads or writes what is kept of another, whatever its resource is called, though their names begin alike', () => {
  fc.assert(
    fc.property(id, id, fc.string(), (one, more, resource) => {
      const held = accessOf(one, bucket);
      for (const other of [more, `${one}${more}`, `${one}-${more}`].filter((name) => name !== one)) {
        const kept = [keys.fixes(other, resource), keys.ask(other, resource), keys.permit(other, resource, 1), keys.open(other, resource)];
        const counted = [keys.breaker(other), keys.breaker(other, account), keys.count(`rule ${other}`, '2026-11-24')];
        for (const key of [...kept, ...counted, keys.cooldown(other, resource)])
          expect([key, actionsOn(key, held.coordination)]).toEqual([key, []]);
        const said = [orderKeys.hold(other, resource), orderKeys.approval(other, resource), orderKeys.rollback(other, resource)];
        for (const key of [...said, orderKeys.breaker(other, account)]) expect([key, actionsOn(key, held.orders)]).toEqual([key, []]);
      }
    }),
  );
});

it('keys and their patterns are written in no other file', () => {
  const root = path.resolve(__dirname, '../..');
  const files = ['functions', 'infra'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => path.join(folder, file)),
  );
  const filesWith = (text: RegExp) => files.filter((file) => text.test(readFileSync(path.join(root, file), 'utf8'))).toSorted();
  const names = [...Object.keys(orders), ...Object.keys(coordination)].filter((name) => !name.startsWith('notified'));
  expect(filesWith(/key: \{ S: ['`]/)).toEqual([]);
  expect(filesWith(new RegExp(`['\`](${[...names, 'notified'].join('|')}) [^'\`]*\\*['\`]`))).toEqual(['functions/coordination/keys.ts']);
  // The log's policy denies by them, too.
  expect(filesWith(/'dynamodb:LeadingKeys'/)).toEqual(['infra/central/log-table.ts', 'infra/statement.ts']);
});
