import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadRules } from '../../functions/catalogue/catalogue';
import { readPolicy } from '../../functions/policy/read';
import { receive } from '../../functions/requests/receive';
import { blocks } from '../docs/pages';
import { publishedRequestSchema, requestSchema } from './schema';

const page = readFileSync(path.resolve(__dirname, '../../docs/requests.md'), 'utf8');
const rules = loadRules().map(({ rule }) => rule);

it('the published schema is the one of the code', () => {
  expect(publishedRequestSchema()).toEqual(requestSchema());
});

it('the page has an example that its policy lets the tool request', async () => {
  const [example = ''] = blocks(page, 'json');
  const [yaml = ''] = blocks(page, 'yaml');
  const { policy } = readPolicy(yaml, rules, new Date('2026-11-24T12:00:00Z'));
  const event = {
    source: 'posture.finding.siem',
    'detail-type': 'Remediation Requested',
    account: '444455556666',
    region: 'eu-west-1',
    time: '2026-11-24T12:00:00Z',
    detail: JSON.parse(example),
  };
  const invoke = jest.fn(async () => undefined);
  const ports = { rules: new Map(rules.map((rule) => [rule.id, rule])), partition: 'aws', policy: async () => policy, invoke };
  expect(await receive(event, ports)).toEqual({ rule: 's3-bucket-tls-required', requester: 'siem', reference: 'ALERT-2041' });
  expect(invoke.mock.calls).toEqual([['s3-bucket-tls-required', event]]);
});

it('the page lists the fields and the settings', () => {
  const listed = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  const { properties } = requestSchema() as { readonly properties: object };
  expect(listed).toEqual(['principals', 'mode', 'rules', 'accounts', 'resources', ...Object.keys(properties)]);
});
