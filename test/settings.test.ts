import * as z from 'zod';
import { controlEnvironment } from '../functions/control/environment';
import { controlHandler } from '../functions/control/handler';
import { notifyEnvironment } from '../functions/notify/environment';
import { handler as notifyHandler } from '../functions/notify/handler';
import { environment } from '../functions/rule-function/environment';
import { handlerFor } from '../functions/rule-function/handler';
import { readSettings } from '../functions/settings';
import { ticketsEnvironment } from '../functions/tickets/environment';
import { handler as ticketsHandler } from '../functions/tickets/handler';
import plantedRule from './remediate/planted-rule';

const queue = 'arn:aws:sqs:eu-west-1:111122223333:posture-undelivered';
const schedules = { SCHEDULE_GROUP: 'posture', SCHEDULE_ROLE: 'arn:aws:iam::111122223333:role/posture-function-r', UNDELIVERED: queue };
const orders = { ORDERS_TABLE: 'posture-orders' };
const tables = { COORDINATION_TABLE: 'posture-coordination', POLICY: 'abc1234/def5678/ghi9012' };
const log = { LOG_TABLE: 'posture-log', BUS: 'posture', VERSION: '1.0.0', CENTRAL_ACCOUNT: '111122223333' };
const member = { MEMBER_ROLE: 'arn:{partition}:iam::{account}:role/posture-r', ACTOR: 'arn:aws:iam::111122223333:role/posture-function-r' };

/** Each function's settings, and for each of them, where it takes not any text, one that is malformed. */
const functions = {
  'the function of a rule': {
    shape: environment,
    valid: {
      ...tables,
      ...orders,
      ...log,
      ...schedules,
      ...member,
      DOCUMENTS: 'https://documents.s3.eu-west-1.amazonaws.com/r',
      TICKETS_TABLE: 'posture-tickets',
    },
    malformed: {
      POLICY: 'abc1234',
      CENTRAL_ACCOUNT: '1111-2222-3333',
      MEMBER_ROLE: 'arn:aws:iam::111122223333:role/r',
      UNDELIVERED: 'queue',
    },
  },
  'the control function': {
    shape: controlEnvironment,
    valid: { ...tables, ...orders, ...log, ROUTES: '[]', CENTRAL_PARTITION: 'aws', AWS_REGION: 'eu-west-1' },
    malformed: { POLICY: 'abc1234//ghi9012', CENTRAL_ACCOUNT: '', ROUTES: '[{}]' },
  },
  'the function that tells people': {
    shape: notifyEnvironment,
    valid: { ...tables, ...orders, ...schedules, TOPIC: 'arn:aws:sns:eu-west-1:111122223333:posture-notifications' },
    malformed: { POLICY: '', TOPIC: 'posture-notifications', UNDELIVERED: 'queue' },
  },
  'the function of tickets': {
    shape: ticketsEnvironment,
    valid: {
      ...{ TICKETS_TABLE: 'posture-tickets', LOG_TABLE: 'posture-log', POLICY: 'abc1234/def5678/ghi9012', CENTRAL_PARTITION: 'aws' },
      ...{ VERSION: '1.0.0', ACTOR: 'arn:aws:iam::111122223333:role/posture-function-tickets' },
      ...{ ...orders, QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/posture-tickets', AWS_REGION: 'eu-west-1' },
    },
    malformed: { POLICY: 'abc1234', QUEUE_URL: 'posture-tickets' },
  },
} as const;

describe.each(Object.entries(functions))('the settings of %s', (_, { shape: { shape }, valid, malformed }) => {
  const read = (variables: Readonly<Record<string, string | undefined>>) => readSettings(z.object(shape), variables);
  const names = Object.keys(shape);

  it('are read where they are valid, and nothing else with them', () => {
    expect(Object.keys(valid).toSorted()).toEqual(names.toSorted());
    expect(read({ ...valid, HOME: '/' })).toEqual(valid);
  });

  const required = names.filter((name) => !(shape as Readonly<Record<string, z.ZodType>>)[name]?.safeParse(undefined).success);
  it.each(required)('are refused without %s, in a sentence that says what is missing', (name) => {
    expect(() => read({ ...valid, [name]: undefined })).toThrow(
      new RegExp(
        `^The environment variables of the function are invalid: ${name} is not set and must be [^;]+\\. Deploy the stack again\\.$`,
      ),
    );
  });

  it.each(names)('are refused with an empty %s', (name) => {
    expect(() => read({ ...valid, [name]: '' })).toThrow(`${name} is "" and must be `);
  });

  it.each(Object.entries(malformed))('are refused where %s is "%s"', (name, given) => {
    expect(() => read({ ...valid, [name]: given })).toThrow(`${name} is "${given}" and must be `);
  });

  it('say what each of them may be', () => {
    for (const setting of Object.values(shape)) expect(setting.description).toMatch(/^(a|an|the) /);
  });
});

it('all that is wrong is named at once, and no control character or long value gets into the sentence', () => {
  const variables = { ...functions['the control function'].valid, BUS: undefined, CENTRAL_ACCOUNT: `12\n${'3'.repeat(500)}` };
  expect(() => readSettings(controlEnvironment, variables)).toThrow(
    `The environment variables of the function are invalid: BUS is not set and must be the name of an event bus; CENTRAL_ACCOUNT is "12${'3'.repeat(98)}… (503 characters)" and must be a 12-digit account id. Deploy the stack again.`,
  );
});

it.each([
  ['of a rule', handlerFor(plantedRule)],
  ['that tells people', notifyHandler],
  ['of tickets', ticketsHandler],
  ['for orders', controlHandler([])],
])('a function %s that has no settings says so, whatever event comes', async (_, handler) => {
  const context = { invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:posture-r' };
  await expect((handler as (event: unknown, context: unknown) => Promise<unknown>)({}, context)).rejects.toThrow(
    'The environment variables of the function are invalid: ',
  );
});
