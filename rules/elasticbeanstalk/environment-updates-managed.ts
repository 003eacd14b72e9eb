import * as z from 'zod';
import { optionRule } from './environment/option';

const parameters = z.strictObject({
  updateLevel: z
    .enum(['minor', 'patch'])
    .default('minor')
    .describe(
      'Which new versions of the platform are installed, where the environment does not say: minor ones and patches, or patches alone.',
    ),
  preferredStartTime: z
    .string()
    .regex(/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01]\d|2[0-3]):[0-5]\d$/)
    .default('Sun:03:00')
    .describe('When updates are installed, in UTC, where the environment does not say.'),
});

const enabled = 'aws:elasticbeanstalk:managedactions ManagedActionsEnabled';
const startTime = 'aws:elasticbeanstalk:managedactions PreferredStartTime';
const level = 'aws:elasticbeanstalk:managedactions:platformupdate UpdateLevel';
const health = 'aws:elasticbeanstalk:healthreporting:system SystemType';
const role = 'aws:elasticbeanstalk:environment ServiceRole';

export default optionRule({
  id: 'elasticbeanstalk-environment-updates-managed',
  title: 'Elastic Beanstalk installs new versions of the platform every week',
  why: 'Patches of the operating system and of the language come with the platform, and nobody else installs them.',
  impact:
    'Every week in its window, Elastic Beanstalk replaces the instances of the environment by some of a newer platform, if there is one, while it goes on serving.',
  severity: 'high',
  risk: 'disruptive',
  property: 'OptionSettings',
  detectedBy: { securityHub: ['ElasticBeanstalk.2'], config: ['elastic-beanstalk-managed-updates-enabled'] },
  parameters,
  looksAt: [enabled, startTime, level, health, role],

  wished: (options, { updateLevel, preferredStartTime }) => {
    if (options[enabled] === 'true') return {};
    return {
      [enabled]: 'true',
      ...(!options[startTime] && { [startTime]: preferredStartTime }),
      ...(!options[level] && { [level]: updateLevel }),
    };
  },

  obstacle(options) {
    if (options[health] !== 'enhanced')
      return 'Managed updates need enhanced health reporting, which the environment does not have. Turn that on first (ElasticBeanstalk.1).';
    if (!options[role]) return 'Managed updates need a service role, which the environment does not have. Give it one first.';
    return undefined;
  },
});
