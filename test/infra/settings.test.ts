import * as z from 'zod';
import type { CatalogueEntry } from '../../functions/catalogue/catalogue';
import { readSettings, SettingsError } from '../../infra/settings';
import type { Rule } from '../../rules/rule';

const entry = (id: string, parameters?: Rule['parameters']): CatalogueEntry => ({
  rule: { id, parameters } as Rule,
  service: 's3',
  file: `/rules/${id}.ts`,
});
const entries = [
  entry('s3-bucket-versioning-enabled'),
  entry('s3-bucket-tls-required'),
  entry('ec2-flow-logs-on', z.strictObject({ days: z.int().min(1).default(365), destination: z.string() })),
];
const settingsOf = (given: unknown) => readSettings(given, entries);
const faultOf = (given: unknown): string => {
  try {
    settingsOf(given);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error('The settings were taken.');
};

describe('the settings', () => {
  it('observe, where nothing is said', () => {
    const defaults = { defaultMode: 'observe', exemptionTag: 'posture:exempt', rules: {} };
    expect(settingsOf(undefined)).toEqual(defaults);
    expect(settingsOf({})).toEqual(defaults);
  });

  it('can be given as the text of JSON, as the command line of the CDK does', () => {
    expect(settingsOf('{"defaultMode":"fix"}')).toMatchObject({ defaultMode: 'fix' });
    expect(faultOf('{"defaultMode":')).toMatch(/"\{\\"defaultMode\\":", which is not JSON/);
  });

  it('hold what is said of a rule', () => {
    expect(settingsOf({ rules: { 'ec2-flow-logs-on': { mode: 'fix', parameters: { destination: 'logs' } } } }).rules).toEqual({
      'ec2-flow-logs-on': { mode: 'fix', parameters: { destination: 'logs' } },
    });
  });

  it('may leave out a parameter for as long as the rule only observes', () => {
    expect(settingsOf({ rules: { 'ec2-flow-logs-on': { mode: 'observe' } } }).rules).toHaveProperty('ec2-flow-logs-on');
    expect(faultOf({ rules: { 'ec2-flow-logs-on': { mode: 'fix' } } })).toMatch(/ec2-flow-logs-on.*destination/);
  });

  it.each([
    [
      'a rule that is mistyped, with the one that is meant',
      { rules: { 's3-bucket-versionning-enabled': {} } },
      'Did you mean s3-bucket-versioning-enabled?',
    ],
    ['a rule that is like none', { rules: { 'x-y': {} } }, 'The rules are s3-bucket-versioning-enabled, s3-bucket-tls-required'],
    ['a mode that is none', { defaultMode: 'repair' }, 'defaultMode'],
    ['a setting that is none', { dryRun: true }, 'dryRun'],
    ['a setting of a rule that is none', { rules: { 's3-bucket-tls-required': { enabled: true } } }, 'enabled'],
    ['a parameter that the rule does not know', { rules: { 's3-bucket-tls-required': { parameters: { days: 3 } } } }, 'days'],
    ['a parameter of another sort', { rules: { 'ec2-flow-logs-on': { parameters: { destination: 'logs', days: 0 } } } }, 'days'],
    ['settings that are none', ['fix'], 'expected object'],
  ])('are refused for %s', (_name, given, fault) => {
    expect(faultOf(given)).toContain(fault);
    expect(faultOf(given)).toContain('`cdk.json`');
  });

  it('are told every fault at once', () => {
    const fault = faultOf({ rules: { 'x-y': {}, 's3-bucket-tls-required': { parameters: { days: 3 } } } });
    expect(fault).toContain('There is no rule "x-y"');
    expect(fault).toContain('The parameters of s3-bucket-tls-required');
  });
});
