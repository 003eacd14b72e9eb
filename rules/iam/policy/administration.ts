import type { JsonObject } from '../../json';
import { stringsIn } from '../../policy';
import type { Json } from '../../rule';

/** Whether a statement allows every action on every resource, regardless of its condition. */
export const allowsAll = ({ Effect, Action, Resource }: JsonObject): boolean =>
  Effect === 'Allow' && strings(Action).some(isAnyAction) && strings(Resource).some(isAnything);

/** The rest of the statement: named actions on its resources, and all actions on named resources. */
export function whatElse(statement: JsonObject): readonly JsonObject[] {
  const { Sid, ...rest } = statement;
  const actions = strings(rest.Action).filter((action) => !isAnyAction(action));
  const resources = strings(rest.Resource).filter((resource) => !isAnything(resource));
  const named = [
    ...(actions.length > 0 ? [{ ...rest, Action: actions }] : []),
    ...(resources.length > 0 ? [{ ...rest, Resource: resources }] : []),
  ];
  // Statement ids are unique within a policy.
  return named.map((one, index) => (Sid === undefined || index > 0 ? one : { Sid, ...one }));
}

const strings = (element: Json | undefined): readonly string[] => (element === undefined ? [] : (stringsIn(element) ?? []));

const isAnyAction = (action: string): boolean => /^\*+(:\*+)?$/.test(action);

const isAnything = (resource: string): boolean => /^\*+$/.test(resource);
