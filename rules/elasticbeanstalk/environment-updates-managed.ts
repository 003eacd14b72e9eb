import * as z from 'zod';
import { exactly } from '../detector-parameters';
import { optionRule } from './environment/option';

const parameters = z.strictObject({
  updateLevel: z
    .enum(['minor', 'patch'])
    .optional()
    .describe('The update level: minor versions and patches, or only patches. Default: that of the environment, or minor if it has none.'),
  preferredStartTime: z
    .string()
    .regex(/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01]\d|2[0-3]):[0-5]\d$/)
    .default('Sun:03:00')
    .describe('The weekly update window for environments without one, in UTC.'),
});

const enabled = 'aws:elasticbeanstalk:managedactions ManagedActionsEnabled';
const startTime = 'aws:elasticbeanstalk:managedactions PreferredStartTime';
const level = 'aws:elasticbeanstalk:managedactions:platformupdate UpdateLevel';
const health = 'aws:elasticbeanstalk:healthreporting:system SystemType';
const role = 'aws:elasticbeanstalk:environment ServiceRole';

export default optionRule({
  id: 'elasticbeanstalk-environment-updates-managed',
  title: 'Elastic Beanstalk environments have managed platform updates enabled',
  why: 'Security patches of the operating system and the language runtime are part of the platform, and are not installed otherwise.',
  impact:
    'If a new platform version is available, Elastic Beanstalk replaces the instances of the environment in the weekly update window, without downtime. An environment without an operations role is not changed.',
  severity: 'high',
  risk: 'disruptive',
  property: 'OptionSettings',
  detectedBy: { securityHub: ['ElasticBeanstalk.2'], config: ['elastic-beanstalk-managed-updates-enabled'] },
  detectorParameters: {
    'ElasticBeanstalk.2': { UpdateLevel: exactly('updateLevel') },
    'elastic-beanstalk-managed-updates-enabled': { UpdateLevel: exactly('updateLevel') },
  },
  parameters,
  looksAt: [enabled, startTime, level, health, role],

  expected: (options, { updateLevel, preferredStartTime }) => {
    const leveled = updateLevel ?? (options[level] || 'minor');
    if (options[enabled] === 'true') return updateLevel !== undefined && options[level] !== updateLevel ? { [level]: updateLevel } : {};
    return {
      [enabled]: 'true',
      ...(!options[startTime] && { [startTime]: preferredStartTime }),
      ...(options[level] !== leveled && { [level]: leveled }),
    };
  },

  obstacle(options) {
    if (options[health] !== 'enhanced')
      return {
        unfixable: 'Managed updates require enhanced health reporting, which the environment does not have. Fix ElasticBeanstalk.1 first.',
        code: 'enhanced-health-required',
      };
    if (!options[role])
      return {
        unfixable: 'Managed updates require a service role, which the environment does not have. Set one first.',
        code: 'service-role-required',
      };
    return undefined;
  },
});
