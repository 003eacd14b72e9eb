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

export interface SecurityHub {
  readonly updates: readonly FindingUpdate[];
  /** Ids of findings that Security Hub shall not know. */
  readonly missing: Set<string>;
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

const merged = (finding: Readonly<Record<string, unknown>>, { change, time }: FindingUpdate): Readonly<Record<string, unknown>> => ({
  ...finding,
  ...change,
  ...('Note' in change ? { Note: { ...(change.Note as object), UpdatedAt: new Date(time).toISOString() } } : {}),
});

/** The part of Security Hub that moto lacks: BatchUpdateFindings, and findings read back as it left them. */
export const emulateSecurityHub = () => {
  const updates: FindingUpdate[] = [];
  const missing = new Set<string>();

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
    for (const { Id, ProductArn } of known) updates.push({ ...place, id: Id, productArn: ProductArn, change });
    return jsonAnswer({
      ProcessedFindings: known,
      UnprocessedFindings: identifiers
        .filter(({ Id }) => missing.has(Id))
        .map((FindingIdentifier) => ({ FindingIdentifier, ErrorCode: 'FindingNotFound', ErrorMessage: 'The finding was not found' })),
    });
  };

  const operations: LocalOperations = { 'securityhub:BatchUpdateFindings': batchUpdateFindings };

  return {
    securityHub: { updates, missing } satisfies SecurityHub,
    operations,
    /** Moto's list of findings, with the updates of this account and region. */
    updated(operation: Operation, { account, region }: Place, answer: Answer): Answer {
      if (operation.service !== 'securityhub' || operation.name !== 'GetFindings' || answer.status !== 200) return answer;
      const own = updates.filter((update) => update.account === account && update.region === region);
      const body = JSON.parse(answer.body.toString()) as { Findings?: readonly (Identifier & Record<string, unknown>)[] };
      const Findings = body.Findings?.map((finding) =>
        own
          .filter(({ id, productArn }) => id === finding.Id && productArn === finding.ProductArn)
          .reduce<Readonly<Record<string, unknown>>>(merged, finding),
      );
      return { ...answer, body: Buffer.from(JSON.stringify({ ...body, Findings })) };
    },
  };
};
