import { canonicalJson, toJson } from '../../canonical-json';
import { type BusStatement, busStatements, sidsOf } from '../../policy/bus-policy';
import type { Policy } from '../../policy/policy';
import { quote } from '../../untrusted-text';

type Statements = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/**
 * How the deployed policy of the bus for requests differs from what the policy file says, as sentences; none if it does not. `deployed`: its JSON
 * text, undefined without a bus. Only a deployment of the stack changes it.
 */
export function busDifferences(policy: Pick<Policy, 'requesters'>, bus: string, deployed: string | undefined): readonly string[] {
  const names = Object.keys(policy.requesters).toSorted();
  if (deployed === undefined)
    return names.map((name) => `The requester ${name} can request nothing: the bus posture-requests is not deployed.`);
  if (names.length === 0) return ['The bus posture-requests is deployed, and the policy file names no requester.'];
  const actual = statementsIn(deployed);
  if (actual === undefined) return ['The policy of the bus posture-requests can not be read: it is not a policy document.'];
  const expected = busStatements(policy, bus);
  const known = new Set(expected.map(({ Sid }) => Sid));
  return [
    ...names.flatMap((name) => requesterDifferences(name, expected, actual)),
    ...expected
      .filter(({ Sid }) => !names.some((name) => Object.values(sidsOf(name)).includes(Sid)))
      .flatMap((one) => statementDifference(one, actual)),
    ...[...actual.keys()]
      .filter((sid) => !known.has(sid))
      .map((sid) => `The bus has the statement ${quote(sid)}, which the policy file does not lead to.`),
  ];
}

function requesterDifferences(name: string, expected: readonly BusStatement[], actual: Statements): readonly string[] {
  const { allow, deny } = sidsOf(name);
  const given = actual.get(allow);
  if (given === undefined) return [`The requester ${name} is missing on the bus: it can request nothing.`];
  const wanted = expected.find(({ Sid }) => Sid === allow);
  const [before, now] = [principalsIn(given), principalsIn({ ...wanted })];
  const principals = [
    ...now.filter((one) => !before.includes(one)).map((one) => `The bus does not let ${one} request as ${name}.`),
    ...before
      .filter((one) => !now.includes(one))
      .map((one) => `The bus lets ${quote(one)} request as ${name}, and the policy file does not.`),
  ];
  if (principals.length > 0) return principals;
  return expected.filter(({ Sid }) => Sid === allow || Sid === deny).flatMap((one) => statementDifference(one, actual));
}

function statementDifference(expected: BusStatement, actual: Statements): readonly string[] {
  const found = actual.get(expected.Sid);
  if (found === undefined) return [`The bus lacks the statement ${expected.Sid}.`];
  return normal(found) === normal(expected)
    ? []
    : [`The statement ${expected.Sid} of the bus is not the one that the policy file leads to.`];
}

function principalsIn({ Principal }: Readonly<Record<string, unknown>>): readonly string[] {
  const named = typeof Principal === 'object' && Principal !== null && 'AWS' in Principal ? Principal.AWS : Principal;
  return [named]
    .flat()
    .map((one) => rootOf(String(one)))
    .toSorted();
}

/** By their ids; those without one have a number. Undefined for a text that is no policy document. */
function statementsIn(text: string): Statements | undefined {
  if (text === '') return new Map();
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  const all = [typeof document === 'object' && document !== null && 'Statement' in document ? document.Statement : undefined].flat();
  if (all.some((one) => typeof one !== 'object' || one === null)) return undefined;
  return new Map(all.map((one, index) => [sidIn(one as object) ?? `#${index + 1}`, one as Readonly<Record<string, unknown>>]));
}

const sidIn = (statement: object): string | undefined =>
  'Sid' in statement && typeof statement.Sid === 'string' && statement.Sid !== '' ? statement.Sid : undefined;

/** A statement in one form: AWS may return a list of one as its item, and an account as its id. */
const normal = (statement: object): string => canonicalJson(toJson(asLists(statement)));

function asLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => rootOf(String(one))).toSorted();
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asLists(one)]));
  return [rootOf(String(value))];
}

/** A principal that is an account is its root user to IAM. The partition is not known from an id, and is left out of both. */
const rootOf = (text: string): string => /^arn:[^:]+:iam::(\d{12}):root$/.exec(text)?.[1] ?? text;
