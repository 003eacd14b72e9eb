import { errorAnswer, jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';
import { pageOf } from './security-hub';
import type { Answer } from './upstream';

type Document = Readonly<Record<string, unknown>>;

/** A finding of OCSF. */
type Finding = Document & { readonly metadata: { readonly uid: string } };

/** What BatchUpdateFindingsV2 did to one finding. */
interface Update extends Place {
  readonly uid: string;
  readonly change: Document;
}

export interface SecurityHubV2 {
  readonly updates: readonly Update[];
  /** Lets Security Hub of an account and Region have a finding. */
  seed(place: Pick<Place, 'account' | 'region'>, finding: Finding): void;
}

interface Group {
  readonly StringFilters?: readonly {
    readonly FieldName: string;
    readonly Filter: { readonly Value: string; readonly Comparison: string };
  }[];
  readonly Operator?: 'AND' | 'OR';
}

/** The texts at a path of OCSF: of lists, those of each member. */
function textsAt(value: unknown, path: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => textsAt(one, path));
  const [first, ...rest] = path;
  if (first === undefined) return typeof value === 'string' ? [value] : [];
  return typeof value === 'object' && value !== null ? textsAt((value as Document)[first], rest) : [];
}

function fits(finding: Finding, { StringFilters = [], Operator = 'AND' }: Group): boolean {
  const each = StringFilters.map(({ FieldName, Filter }) => textsAt(finding, FieldName.split('.')).includes(Filter.Value));
  return Operator === 'OR' ? each.some(Boolean) : each.every(Boolean);
}

const statuses = ['Unknown', 'New', 'In Progress', 'Suppressed', 'Resolved', 'Archived'] as const;

/** The part of Security Hub that answers in OCSF, which moto lacks: findings by text filters that are equal, and updates of their status. */
export const emulateSecurityHubV2 = () => {
  const updates: Update[] = [];
  const held = new Map<string, Map<string, Finding>>();
  const findingsOf = ({ account, region }: Pick<Place, 'account' | 'region'>) => {
    const findings = held.get(`${account} ${region}`) ?? new Map<string, Finding>();
    held.set(`${account} ${region}`, findings);
    return findings;
  };

  const invalid = (operation: Operation, Message: string): Answer =>
    errorAnswer(operation, { status: 400, code: 'ValidationException', message: Message });

  const batchUpdate = (operation: Operation, place: Place): Answer => {
    const { MetadataUids: uids, FindingIdentifiers: identifiers, ...change } = operation.input;
    if (!Array.isArray(uids) || uids.length < 1 || uids.length > 100 || identifiers !== undefined)
      return invalid(operation, 'MetadataUids: 1 to 100 ids, and no FindingIdentifiers');
    const { Comment, StatusId } = change;
    if (Comment !== undefined && (typeof Comment !== 'string' || Comment.length < 1 || Comment.length > 512))
      return invalid(operation, 'Comment: 1 to 512 characters');
    const status = statuses[Number(StatusId)];
    if (StatusId !== undefined && status === undefined) return invalid(operation, 'StatusId: 0 to 5');
    const findings = findingsOf(place);
    const known = (uids as readonly string[]).filter((uid) => findings.has(uid));
    for (const uid of known) {
      updates.push({ ...place, uid, change });
      const own = { ...(StatusId !== undefined && { status_id: StatusId, status }), ...(Comment !== undefined && { comment: Comment }) };
      findings.set(uid, { ...(findings.get(uid) as Finding), ...own });
    }
    return jsonAnswer({
      ProcessedFindings: known.map((MetadataUid) => ({ MetadataUid })),
      UnprocessedFindings: (uids as readonly string[])
        .filter((uid) => !findings.has(uid))
        .map((MetadataUid) => ({ MetadataUid, ErrorCode: 'ResourceNotFoundException', ErrorMessage: 'The finding was not found' })),
    });
  };

  const getFindings = (operation: Operation, place: Place): Answer => {
    const { Filters = {} } = operation.input as {
      readonly Filters?: { readonly CompositeFilters?: readonly Group[]; readonly CompositeOperator?: string };
    };
    const { CompositeFilters = [], CompositeOperator = 'AND' } = Filters;
    const isUnknown = ({ StringFilters = [], ...rest }: Group) =>
      Object.keys(rest).some((name) => name !== 'Operator') || StringFilters.some(({ Filter }) => Filter.Comparison !== 'EQUALS');
    if (CompositeOperator !== 'AND' || CompositeFilters.some(isUnknown))
      return errorAnswer(operation, {
        status: 501,
        code: 'NotImplemented',
        message: `The emulator can't filter by ${JSON.stringify(Filters)}.`,
      });
    const found = [...findingsOf(place).values()].filter((finding) => CompositeFilters.every((group) => fits(finding, group)));
    return pageOf(found, operation);
  };

  const operations: LocalOperations = { 'securityhub:BatchUpdateFindingsV2': batchUpdate, 'securityhub:GetFindingsV2': getFindings };
  const seed: SecurityHubV2['seed'] = (place, finding) => void findingsOf(place).set(finding.metadata.uid, finding);
  return { securityHubV2: { updates, seed } satisfies SecurityHubV2, operations };
};
