import type { Cell, Cells } from '../cells';
import { AwsError } from '../error';
import type { Service } from '../request';

/** Topics: their policy and their tags. */
export function sns(cells: Cells): Service {
  return {
    GetTopicAttributes: ({ input }) => ({ Attributes: { TopicArn: input.TopicArn, Policy: topic(input.TopicArn).policy } }),
    SetTopicAttributes({ input }) {
      const { AttributeName, AttributeValue } = input;
      if (AttributeName !== 'Policy') throw new AwsError('InvalidParameterException', `Invalid parameter: ${AttributeName}`);
      JSON.parse(AttributeValue);
      topic(input.TopicArn).policy = AttributeValue;
      return {};
    },
    ListTagsForResource: ({ input }) => ({
      Tags: Object.entries(topic(input.ResourceArn).tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  };

  function topic(arn: string): Cell {
    const cell = cells.get(arn);
    if (!cell) throw new AwsError('NotFoundException', 'Topic does not exist', 404);
    return cell;
  }
}
