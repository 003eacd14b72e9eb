import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Access } from '../../functions/aws/leading-keys';
import { accessOfControl, accessOfNotify, accessOfRule, keys } from '../../functions/coordination/keys';
import type { Rule } from '../../rules/rule';
import { like } from '../emulator/gateway/permissions/wildcard';
import * as fc from '../fast-check';

const bucket = { type: 'AWS::S3::Bucket', arn: 'arn:{partition}:s3:::{name}' } as const;
const queue = { type: 'AWS::SQS::Queue', arn: 'arn:{partition}:sqs:{region}:{account}:{name}' } as const;
const accessOf = (id: string, resource: typeof bucket | typeof queue) => accessOfRule({ id, resource } as Pick<Rule, 'id' | 'resource'>);

/** All who have access to the table. The names of the rules begin alike. */
const access = {
  rule: accessOf('r', bucket),
  longer: accessOf('r-too', queue),
  control: accessOfControl,
  notify: accessOfNotify,
} as const;

const actionsOn = (key: string, held: Access) =>
  held.flatMap(([action, patterns]) => (patterns.some((pattern) => like(pattern, key)) ? [action] : [])).toSorted();

const arn = 'arn:aws:s3:::reports in eu-west-1 of 111122223333';
const read = ['BatchGetItem', 'ConditionCheckItem'];

/** By family a key of the rule `r`, and who may do what to it: whoever is left out may do nothing. */
const families: Readonly<Record<keyof typeof keys, readonly [key: string, may: Partial<Record<keyof typeof access, readonly string[]>>]>> =
  {
    lease: [keys.lease(arn), { rule: ['UpdateItem'] }],
    open: [keys.open('r', arn), { rule: ['DeleteItem', 'GetItem', 'PutItem'] }],
    cooldown: [keys.cooldown('evaluate'), { rule: ['PutItem'], longer: ['PutItem'] }],
    stop: [keys.stop, { rule: read, longer: read, control: ['DeleteItem', 'GetItem', 'PutItem'] }],
    breaker: [keys.breaker('r'), { rule: ['BatchGetItem', 'ConditionCheckItem', 'UpdateItem'], control: ['GetItem', 'UpdateItem'] }],
    hold: [keys.hold('r', arn), { rule: ['BatchGetItem', 'PutItem'], control: ['DeleteItem', 'GetItem', 'PutItem'] }],
    fixes: [keys.fixes('r', arn), { rule: ['BatchGetItem', 'UpdateItem'] }],
    ask: [keys.ask('r', arn), { rule: ['BatchGetItem', 'DeleteItem', 'PutItem'], control: ['DeleteItem', 'GetItem'] }],
    approval: [keys.approval('01JDA'), { rule: read, longer: read, control: ['DeleteItem', 'GetItem', 'PutItem'] }],
    rollback: [keys.rollback('01JDA'), { rule: ['DeleteItem', 'GetItem'], longer: ['DeleteItem', 'GetItem'], control: ['PutItem'] }],
    permit: [keys.permit('r', '01JDA hash'), { rule: ['PutItem'] }],
    count: [keys.count('rule r', '2026-11-24T13'), { rule: ['BatchGetItem', 'UpdateItem'], longer: ['BatchGetItem', 'UpdateItem'] }],
    notifiedOnce: [keys.notifiedOnce('event', 'arn:aws:sns:eu-west-1:111122223333:posture-a'), { notify: ['UpdateItem'] }],
    notifiedMinute: [keys.notifiedMinute('arn:aws:sns:eu-west-1:111122223333:posture-a', '2026-11-24T13:05'), { notify: ['UpdateItem'] }],
  };

it.each(Object.entries(families))('items of the family %s are touched by those whose they are, and by nobody else', (_, [key, may]) => {
  const found = Object.fromEntries(
    Object.entries(access).flatMap(([who, held]) => {
      const actions = actionsOn(key, held);
      return actions.length === 0 ? [] : [[who, actions]];
    }),
  );
  expect(found).toEqual(may);
});

it('every family is looked at', () => {
  expect(Object.keys(families).toSorted()).toEqual(Object.keys(keys).toSorted());
});

const id = fc.stringMatching(/^[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,3}){0,2}$/);

it('no rule reads or writes what is kept of another, whatever its resource is called, though their names begin alike', () => {
  fc.assert(
    fc.property(id, id, fc.string(), (one, more, resource) => {
      const held = accessOf(one, bucket);
      for (const other of [more, `${one}${more}`, `${one}-${more}`].filter((name) => name !== one)) {
        const kept = [keys.hold(other, resource), keys.fixes(other, resource), keys.ask(other, resource), keys.permit(other, resource)];
        for (const key of [...kept, keys.breaker(other)]) expect([key, actionsOn(key, held)]).toEqual([key, []]);
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
  const names = Object.keys(families).filter((name) => !name.startsWith('notified'));
  expect(filesWith(/key: \{ S: ['`]/)).toEqual([]);
  expect(filesWith(new RegExp(`['\`](${[...names, 'notified'].join('|')}) [^'\`]*\\*['\`]`))).toEqual(['functions/coordination/keys.ts']);
  expect(filesWith(/'dynamodb:LeadingKeys'/)).toEqual(['infra/statement.ts']);
});
