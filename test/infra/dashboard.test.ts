import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { alarms } from '../../infra/central/alarms';
import { dashboard } from '../../infra/central/dashboard';
import type { DeadLetters } from '../../infra/central/dead-letters';
import { documentedMetrics } from '../docs/metrics';

const stack = new Stack(new App(), 'Test');
const queues = { undelivered: new Queue(stack, 'Undelivered'), failed: new Queue(stack, 'Failed') } as unknown as DeadLetters;
alarms(stack, queues);
dashboard(stack, queues);
const template = Template.fromStack(stack);
const body = JSON.stringify(template.findResources('AWS::CloudWatch::Dashboard'));

describe('the dashboard', () => {
  it('is made only if the parameter asks for it', () => {
    const [made] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
    expect(made?.Condition).toBe('HasDashboard');
    template.hasParameter('Dashboard', { Default: 'off', AllowedValues: ['off', 'on'] });
  });

  it('shows every alarm', () => {
    for (const id of Object.keys(template.findResources('AWS::CloudWatch::Alarm'))) expect(body).toContain(`"${id}"`);
  });

  it('shows only metrics that the functions write', () => {
    const shown = [...body.matchAll(/\[\\"Posture\\",\\"(\w+)\\"/g)].map(([, name = '']) => name);
    expect(shown.length).toBeGreaterThan(10);
    expect(documentedMetrics).toEqual(expect.arrayContaining(shown));
  });
});
