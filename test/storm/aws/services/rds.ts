import { type Cell, type Cells, changeSlowly, shown } from '../cells';
import { AwsError } from '../error';
import type { Request, Service } from '../request';

/** Milliseconds that an instance is `modifying` before it shows the change. */
const delay = 8 * 60_000;

/** DB instances: a change takes minutes, in which no other is accepted. */
export function rds(cells: Cells): Service {
  return {
    DescribeDBInstances(request) {
      const cell = instance(request, request.input.DBInstanceIdentifier);
      const isModified = request.now < cell.access.at;
      return {
        DBInstances: [
          {
            DBInstanceIdentifier: cell.name,
            DBInstanceArn: cell.arn,
            DBInstanceStatus: isModified ? 'modifying' : 'available',
            PubliclyAccessible: shown(cell.access, request.now),
          },
        ],
      };
    },
    ModifyDBInstance(request) {
      const cell = instance(request, request.input.DBInstanceIdentifier);
      if (request.now < cell.access.at)
        throw new AwsError('InvalidDBInstanceStateFault', 'Database instance is not in available state.', 400);
      if (request.input.PubliclyAccessible !== shown(cell.access, request.now))
        cell.access = changeSlowly(cell.access, request.input.PubliclyAccessible, request.now, delay);
      return { DBInstance: { DBInstanceIdentifier: cell.name } };
    },
    ListTagsForResource({ input }) {
      const cell = cells.get(input.ResourceName);
      if (!cell) throw missing();
      return { TagList: Object.entries(cell.tags).map(([Key, Value]) => ({ Key, Value })) };
    },
  };

  function instance({ account, region }: Request, name: string): Cell {
    const cell = cells.get(`arn:aws:rds:${region}:${account}:db:${name}`);
    if (!cell) throw missing();
    return cell;
  }
}

const missing = (): AwsError => new AwsError('DBInstanceNotFoundFault', 'The DB instance does not exist.', 404);
