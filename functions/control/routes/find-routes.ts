import {
  type EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule as Route,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { isErrorLike } from '../../aws/error';

const prefix = 'posture-';

/** A bus holds 300 rules of EventBridge, or what its quota was raised to. */
const maxPages = 50;

/** The routes of a bus by name; none if the bus does not exist. */
export async function routesOn(client: EventBridgeClient, bus: string | undefined): Promise<ReadonlyMap<string, Route>> {
  const found = new Map<string, Route>();
  let NextToken: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const answer = await orNone(
      client.send(new ListRulesCommand({ NamePrefix: prefix, ...(bus !== undefined && { EventBusName: bus }), NextToken })),
    );
    for (const route of answer?.Rules ?? []) if (route.Name !== undefined) found.set(route.Name, route);
    NextToken = answer?.NextToken;
    if (NextToken === undefined) return found;
  }
  throw new Error(`The bus ${bus ?? 'default'} has more rules of EventBridge than are read (${maxPages} pages).`);
}

/** The targets of a route, of which EventBridge allows five; none if it was deleted meanwhile. */
export async function targetsOf(client: EventBridgeClient, Rule: string, bus: string | undefined): Promise<readonly Target[]> {
  const answer = await orNone(client.send(new ListTargetsByRuleCommand({ Rule, ...(bus !== undefined && { EventBusName: bus }) })));
  return answer?.Targets ?? [];
}

async function orNone<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isErrorLike(error) && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
