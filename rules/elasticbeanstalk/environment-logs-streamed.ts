import * as z from 'zod';
import { atLeast, integer } from '../detector-parameters';
import { optionRule } from './environment/option';

const retentions = ['1', '3', '5', '7', '14', '30', '60', '90', '120', '150', '180', '365', '400', '545', '731', '1827', '3653'] as const;

const parameters = z.strictObject({
  retentionInDays: z
    .literal(retentions.map(Number))
    .optional()
    .describe('The minimum retention of the logs in days. Default: the setting of the environment, or 7 days if it has none.'),
});

const stream = 'aws:elasticbeanstalk:cloudwatch:logs StreamLogs';
const retention = 'aws:elasticbeanstalk:cloudwatch:logs RetentionInDays';
const daysByDefault = 7;

/** Elastic Beanstalk does not accept every number of days. */
const minimum = {
  ...atLeast('retentionInDays'),
  read: (text: string) => retentions.map(Number).find((days) => days >= (integer(text) ?? Number.NaN)),
};

export default optionRule({
  id: 'elasticbeanstalk-environment-logs-streamed',
  title: 'Elastic Beanstalk environments stream logs to CloudWatch Logs',
  why: 'Logs on an instance are lost when it is terminated, including all traces of an attack.',
  impact:
    'The application is redeployed on its instances: its hooks run, and it may restart. Log groups are created for the environment, and CloudWatch Logs charges by the gigabyte. An environment without an operations role is not changed. The role of the instances must allow it, as the AWS managed policies for Elastic Beanstalk do. A rollback stops the streaming, and leaves the log groups.',
  severity: 'high',
  risk: 'disruptive',
  property: 'OptionSettings',
  detectedBy: { securityHub: ['ElasticBeanstalk.3'], config: ['elastic-beanstalk-logs-to-cloudwatch'] },
  detectorParameters: {
    'ElasticBeanstalk.3': { RetentionInDays: minimum },
    'elastic-beanstalk-logs-to-cloudwatch': {
      RetentionInDays: minimum,
      DeleteOnTerminate: { unmappable: 'The rule does not set what becomes of the logs of a terminated environment.' },
    },
  },
  parameters,
  looksAt: [stream, retention],

  expected: (options, { retentionInDays = 0 }) => ({
    ...(options[stream] !== 'true' && { [stream]: 'true' }),
    ...(Number(options[retention] ?? daysByDefault) < retentionInDays && { [retention]: String(retentionInDays) }),
  }),
});
