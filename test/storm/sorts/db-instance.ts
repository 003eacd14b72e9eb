import { settled, shown } from '../aws/cells';
import { type Sort, tag } from './sort';

/** Slow: a change takes minutes, in which the instance accepts no other. */
export const dbInstance: Sort = {
  type: 'AwsRdsDbInstance',

  make({ account, region }, number) {
    const name = `storm-${number}`;
    const arn = `arn:aws:rds:${region}:${account}:db:${name}`;
    return { arn, cell: { account, region, arn, name, access: settled(false), tags: {} } };
  },

  misconfigurations: [
    {
      rule: 'rds-instance-not-public',
      control: 'RDS.2',
      bring(cell) {
        cell.access = settled(true);
      },
      isIn: ({ access }, now) => shown(access, now) as boolean,
    },
  ],

  others: [tag],
  view: ({ access, tags }, now) => ({ access: shown(access, now), tags }),
};
