import * as z from 'zod';
import { optionRule } from './environment/option';

const retentions = ['1', '3', '5', '7', '14', '30', '60', '90', '120', '150', '180', '365', '400', '545', '731', '1827', '3653'] as const;

const parameters = z.strictObject({
  retentionInDays: z
    .literal(retentions.map(Number))
    .optional()
    .describe('How many days the logs are kept at least; as the environment says (7 days, if it says nothing) if left out.'),
});

const stream = 'aws:elasticbeanstalk:cloudwatch:logs StreamLogs';
const retention = 'aws:elasticbeanstalk:cloudwatch:logs RetentionInDays';
const daysByDefault = 7;

export default optionRule({
  id: 'elasticbeanstalk-environment-logs-streamed',
  title: 'Elastic Beanstalk environments send their logs to CloudWatch',
  why: 'Logs that stay on an instance are gone with it, and so is what an attacker left in them.',
  impact:
    'The application is deployed again where it runs: its hooks run, and it can restart. Log groups are made for the environment, and what is logged is billed by the gigabyte. The role of its instances has to allow it, as the policies of AWS for Elastic Beanstalk do. A rollback stops the stream and leaves the log groups.',
  severity: 'high',
  risk: 'disruptive',
  property: 'OptionSettings',
  detectedBy: { securityHub: ['ElasticBeanstalk.3'], config: ['elastic-beanstalk-logs-to-cloudwatch'] },
  parameters,
  looksAt: [stream, retention],
  changing: [
    {
      actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'],
      on: 'arn:{partition}:logs:{region}:{account}:log-group:/aws/elasticbeanstalk/*',
    },
  ],

  wished: (options, { retentionInDays = 0 }) => ({
    ...(options[stream] !== 'true' && { [stream]: 'true' }),
    ...(Number(options[retention] ?? daysByDefault) < retentionInDays && { [retention]: String(retentionInDays) }),
  }),
});
