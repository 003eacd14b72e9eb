import Ajv from 'ajv/dist/2020';
import { type ocsfEvent, ocsfLines } from '../../functions/report/ocsf';
import type { Report } from '../../functions/report/report';
import { generatedReport } from './pages';
import schema from './schemas/ocsf-1.8.0-remediation-activity.json';

const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);

describe('a report in OCSF', () => {
  let report: Report;
  let events: readonly ReturnType<typeof ocsfEvent>[];

  beforeAll(async () => {
    report = await generatedReport({ seed: 11, events: 2000, days: 90, hostile: 0.2 });
    events = [...ocsfLines(report)].map((line) => JSON.parse(line) as ReturnType<typeof ocsfEvent>);
  });

  it('is valid against the published schema, event by event', () => {
    expect(events.length).toBe(report.numbers.remediations);
    for (const event of events) {
      validate(event);
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  it('would not be valid with a field left out, or one more', () => {
    const [event] = events;
    const { command_uid, ...without } = event ?? { command_uid: '' };
    expect(command_uid).not.toBe('');
    expect(validate(without)).toBe(false);
    expect(validate({ ...event, resource: 'arn' })).toBe(false);
  });

  it('says what was done, and how it ended', () => {
    const of = (outcome: string) =>
      events.filter(({ status }) => status === outcome).map(({ type_uid, status_id }) => `${type_uid} ${status_id}`);
    expect(new Set(of('fixed'))).toEqual(new Set(['700104 1']));
    expect(new Set(of('failed'))).toEqual(new Set(['700104 2']));
    expect(new Set(of('rolled-back'))).toEqual(new Set(['700103 1']));
    expect(new Set(of('observed'))).toEqual(new Set(['700105 99']));
    expect(new Set(of('resource-not-found'))).toEqual(new Set(['700105 3']));
    expect(new Set(of('unfixable'))).toEqual(new Set(['700105 5']));
  });
});
