import { type Cell, type Cells, changeSlowly, shown } from '../cells';
import { AwsError } from '../error';
import type { Request, Service } from '../request';

/** Milliseconds until a queue shows changed attributes: SQS documents up to a minute. */
const delay = 45_000;

type Attributes = Readonly<Record<string, string>>;

/** Queues, whose attributes change with a delay. */
export function sqs(cells: Cells): Service {
  return {
    GetQueueUrl(request) {
      const { QueueName, QueueOwnerAWSAccountId = request.account } = request.input;
      if (!cells.has(`arn:aws:sqs:${request.region}:${QueueOwnerAWSAccountId}:${QueueName}`)) throw missing();
      return { QueueUrl: `https://sqs.${request.region}.amazonaws.com/${QueueOwnerAWSAccountId}/${QueueName}` };
    },
    GetQueueAttributes(request) {
      const all = shown<Attributes>(queue(request).attributes, request.now);
      const names: readonly string[] = request.input.AttributeNames ?? [];
      return { Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name) || names.includes('All'))) };
    },
    SetQueueAttributes(request) {
      const cell = queue(request);
      const merged: Record<string, string> = { ...cell.attributes.next, ...request.input.Attributes };
      // An empty policy removes it.
      if (merged.Policy === '') delete merged.Policy;
      cell.attributes = changeSlowly<Attributes>(cell.attributes, merged, request.now, delay);
      return {};
    },
    ListQueueTags: (request) => ({ Tags: queue(request).tags }),
  };

  function queue({ input, region }: Request): Cell {
    const [, account, name] = /\/(\d{12})\/([^/]+)$/.exec(input.QueueUrl) ?? [];
    const cell = cells.get(`arn:aws:sqs:${region}:${account}:${name}`);
    if (!cell) throw missing();
    return cell;
  }
}

const missing = (): AwsError => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.', 400);
