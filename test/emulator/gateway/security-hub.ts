import { errorAnswer, jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';
import type { Answer } from './upstream';

/** What BatchUpdateFindings did to one finding. */
interface FindingUpdate extends Place {
  readonly id: string;
  readonly productArn: string;
  /** The request without its list of findings: `Workflow`, `Note`, `UserDefinedFields` … */
  readonly change: Readonly<Record<string, unknown>>;
}

/** A finding in the AWS Security Finding Format. */
type Finding = Identifier & Readonly<Record<string, unknown>>;

export interface SecurityHub {
  readonly updates: readonly FindingUpdate[];
  /** Ids of findings that Security Hub shall not know. */
  readonly missing: Set<string>;
  /** Lets Security Hub of an account and region have a finding, as BatchImportFindings does. */
  seed(place: Pick<Place, 'account' | 'region'>, finding: Finding): void;
  /** Lets a control there judge by these parameters: each with its value as the API has it. Until then, Security Hub is not enabled for controls. */
  customize(place: Pick<Place, 'account' | 'region'>, control: string, parameters: Readonly<Record<string, object>>): void;
}

interface Identifier {
  readonly Id: string;
  readonly ProductArn: string;
}

const isIdentifier = (value: unknown): value is Identifier =>
  typeof value === 'object' &&
  value !== null &&
  'Id' in value &&
  typeof value.Id === 'string' &&
  'ProductArn' in value &&
  typeof value.ProductArn === 'string';

const mostFindings = 100;

const merged = (finding: Finding, { change, time }: FindingUpdate): Finding => ({
  ...finding,
  ...change,
  ...('Note' in change ? { Note: { ...(change.Note as object), UpdatedAt: new Date(time).toISOString() } } : {}),
});

interface StringFilter {
  readonly Value?: string;
  readonly Comparison?: string;
}

/** What of a finding each filter is held against. */
const filtered: Readonly<Record<string, (finding: Readonly<Record<string, never>>) => unknown>> = {
  Id: ({ Id }) => Id,
  ProductArn: ({ ProductArn }) => ProductArn,
  AwsAccountId: ({ AwsAccountId }) => AwsAccountId,
  GeneratorId: ({ GeneratorId }) => GeneratorId,
  RecordState: ({ RecordState }) => RecordState,
  ComplianceSecurityControlId: ({ Compliance }) => (Compliance as { readonly SecurityControlId?: string } | undefined)?.SecurityControlId,
  ComplianceStatus: ({ Compliance }) => (Compliance as { readonly Status?: string } | undefined)?.Status,
  ResourceId: ({ Resources }) => (Resources as readonly { readonly Id?: string }[] | undefined)?.map(({ Id }) => Id),
  WorkflowStatus: ({ Workflow }) => (Workflow as { readonly Status?: string } | undefined)?.Status,
};

const fits = (value: unknown, { Value = '', Comparison }: StringFilter): boolean =>
  Array.isArray(value)
    ? value.some((one) => fits(one, { Value, ...(Comparison !== undefined && { Comparison }) }))
    : typeof value === 'string' && (Comparison === 'PREFIX' ? value.startsWith(Value) : value === Value);

/** The page of the findings that a call asks for. */
export function pageOf(found: readonly object[], { input }: Operation): Answer {
  const { MaxResults = 10, NextToken } = input as { readonly MaxResults?: number; readonly NextToken?: string };
  const from = Number(NextToken ?? 0);
  const end = from + MaxResults;
  return jsonAnswer({ Findings: found.slice(from, end), ...(end < found.length && { NextToken: String(end) }) });
}

/** The part of Security Hub that moto lacks: BatchUpdateFindings, and findings found by filters, as they were left. */
export const emulateSecurityHub = () => {
  const updates: FindingUpdate[] = [];
  const missing = new Set<string>();
  const held = new Map<string, Map<string, Finding>>();

  /** What Security Hub of a place has, by product and id. */
  const findingsOf = ({ account, region }: Pick<Place, 'account' | 'region'>) => {
    const findings = held.get(`${account} ${region}`) ?? new Map<string, Finding>();
    held.set(`${account} ${region}`, findings);
    return findings;
  };
  const keyOf = ({ ProductArn, Id }: Identifier) => `${ProductArn} ${Id}`;

  const batchUpdateFindings = (operation: Operation, place: Place): Answer => {
    const { FindingIdentifiers: identifiers, ...change } = operation.input;
    if (!Array.isArray(identifiers) || identifiers.length < 1 || identifiers.length > mostFindings || !identifiers.every(isIdentifier)) {
      const message = `Invalid parameter 'FindingIdentifiers': 1 to ${mostFindings} findings, each with Id and ProductArn`;
      return errorAnswer(operation, { status: 400, code: 'InvalidInputException', message });
    }
    const note = change.Note as { Text?: unknown; UpdatedBy?: unknown } | undefined;
    if (note !== undefined && (typeof note.Text !== 'string' || note.Text.length > 512 || typeof note.UpdatedBy !== 'string')) {
      const message = "Invalid parameter 'Note': Text of at most 512 characters, and UpdatedBy";
      return errorAnswer(operation, { status: 400, code: 'InvalidInputException', message });
    }
    const known = identifiers.filter(({ Id }) => !missing.has(Id));
    const findings = findingsOf(place);
    for (const { Id, ProductArn } of known) {
      const update = { ...place, id: Id, productArn: ProductArn, change };
      updates.push(update);
      const key = keyOf({ Id, ProductArn });
      findings.set(key, merged(findings.get(key) ?? { Id, ProductArn }, update));
    }
    return jsonAnswer({
      ProcessedFindings: known,
      UnprocessedFindings: identifiers
        .filter(({ Id }) => missing.has(Id))
        .map((FindingIdentifier) => ({ FindingIdentifier, ErrorCode: 'FindingNotFound', ErrorMessage: 'The finding was not found' })),
    });
  };

  const getFindings = (operation: Operation, place: Place): Answer => {
    const { Filters = {} } = operation.input as { readonly Filters?: Readonly<Record<string, readonly StringFilter[]>> };
    const unknown = Object.entries(Filters).find(
      ([name, filters]) => !filtered[name] || filters.some(({ Comparison = '' }) => !['EQUALS', 'PREFIX'].includes(Comparison)),
    );
    if (unknown) {
      const message = `The emulator can't filter findings by ${JSON.stringify(unknown)}.`;
      return errorAnswer(operation, { status: 501, code: 'NotImplemented', message });
    }
    const found = [...findingsOf(place).values()]
      .filter(({ Id }) => !missing.has(Id))
      .filter((finding) =>
        Object.entries(Filters).every(([name, filters]) => filters.some((filter) => fits(filtered[name]?.(finding as never), filter))),
      );
    return pageOf(found, operation);
  };

  const controls = new Map<string, Map<string, Readonly<Record<string, object>>>>();
  const customize: SecurityHub['customize'] = ({ account, region }, control, parameters) => {
    const own = controls.get(`${account} ${region}`) ?? new Map<string, Readonly<Record<string, object>>>();
    controls.set(`${account} ${region}`, own.set(control, parameters));
  };

  const batchGetSecurityControls = (operation: Operation, { account, region }: Place): Answer => {
    const own = controls.get(`${account} ${region}`);
    if (!own) {
      const message = `Account ${account} is not subscribed to AWS Security Hub`;
      return errorAnswer(operation, { status: 401, code: 'InvalidAccessException', message });
    }
    const ids = operation.input.SecurityControlIds as readonly string[];
    return jsonAnswer({
      SecurityControls: ids
        .filter((id) => own.has(id))
        .map((id) => ({
          SecurityControlId: id,
          SecurityControlArn: `arn:aws:securityhub:${region}:${account}:security-control/${id}`,
          Title: id,
          Description: id,
          RemediationUrl: `https://docs.aws.amazon.com/console/securityhub/${id}/remediation`,
          SeverityRating: 'HIGH',
          SecurityControlStatus: 'ENABLED',
          Parameters: Object.fromEntries(Object.entries(own.get(id) ?? {}).map(([name, Value]) => [name, { ValueType: 'CUSTOM', Value }])),
        })),
      UnprocessedIds: ids
        .filter((id) => !own.has(id))
        .map((SecurityControlId) => ({ SecurityControlId, ErrorCode: 'NOT_FOUND', ErrorReason: 'The control was not found' })),
    });
  };

  const seed: SecurityHub['seed'] = (place, finding) => void findingsOf(place).set(keyOf(finding), finding);
  const operations: LocalOperations = {
    'securityhub:BatchUpdateFindings': batchUpdateFindings,
    'securityhub:GetFindings': getFindings,
    'securityhub:BatchGetSecurityControls': batchGetSecurityControls,
  };

  return {
    securityHub: { updates, missing, seed, customize } satisfies SecurityHub,
    operations,
    /** Moto's answer; what it took is kept. */
    imported(operation: Operation, place: Place, answer: Answer): Answer {
      if (operation.service !== 'securityhub' || operation.name !== 'BatchImportFindings' || answer.status !== 200) return answer;
      for (const finding of (operation.input.Findings ?? []) as readonly Finding[]) {
        const before = findingsOf(place).get(keyOf(finding));
        // What a person or an automation set is not the product's to change.
        const kept = Object.entries(before ?? {}).filter(([name]) => ['Workflow', 'Note', 'UserDefinedFields'].includes(name));
        seed(place, { ...finding, ...Object.fromEntries(kept) });
      }
      return answer;
    },
  };
};
