import type { Cell, Cells } from '../cells';
import { AwsError } from '../error';
import type { Request, Service } from '../request';

/** Functions with the policies of theirs and of their aliases. */
export function lambda(cells: Cells): Service {
  return {
    GetPolicy(request) {
      const { policies, revision } = named(request);
      const statements: readonly object[] = policies[request.input.FunctionName] ?? [];
      if (statements.length === 0) throw missing();
      return { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements }), RevisionId: String(revision) };
    },
    AddPermission(request) {
      const cell = named(request);
      checkRevision(cell, request);
      const { FunctionName, StatementId, Action, Principal, SourceAccount, SourceArn, PrincipalOrgID } = request.input;
      const statements = cell.policies[FunctionName] ?? [];
      if (statements.some(({ Sid }: { readonly Sid: string }) => Sid === StatementId))
        throw new AwsError('ResourceConflictException', `The statement id (${StatementId}) provided already exists.`, 409);
      const Condition = {
        ...((SourceAccount || PrincipalOrgID) && {
          StringEquals: {
            ...(SourceAccount && { 'AWS:SourceAccount': SourceAccount }),
            ...(PrincipalOrgID && { 'aws:PrincipalOrgID': PrincipalOrgID }),
          },
        }),
        ...(SourceArn && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
      };
      const statement = {
        Sid: StatementId,
        Effect: 'Allow',
        Principal: Principal === '*' ? '*' : { Service: Principal },
        Action,
        Resource: cell.arn + FunctionName.slice(cell.name.length),
        ...(Object.keys(Condition).length > 0 && { Condition }),
      };
      cell.policies[FunctionName] = [...statements, statement];
      cell.revision += 1;
      return { Statement: JSON.stringify(statement) };
    },
    RemovePermission(request) {
      const cell = named(request);
      checkRevision(cell, request);
      const { FunctionName, StatementId } = request.input;
      const statements: readonly { readonly Sid: string }[] = cell.policies[FunctionName] ?? [];
      if (!statements.some(({ Sid }) => Sid === StatementId)) throw missing();
      cell.policies[FunctionName] = statements.filter(({ Sid }) => Sid !== StatementId);
      cell.revision += 1;
      return {};
    },
    ListAliases: (request) => ({ Aliases: named(request).aliases.map((Name: string) => ({ Name })) }),
    ListVersionsByFunction: (request) => {
      named(request);
      return { Versions: [{ Version: '$LATEST' }] };
    },
    ListTags(request) {
      const cell = cells.get(request.input.Resource);
      if (!cell) throw missing();
      return { Tags: cell.tags };
    },
  };

  function named({ input, account, region }: Request): Cell {
    const [name = ''] = String(input.FunctionName).split(':');
    const cell = cells.get(`arn:aws:lambda:${region}:${account}:function:${name}`);
    if (!cell) throw missing();
    return cell;
  }
}

const missing = (): AwsError => new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);

function checkRevision({ revision }: Cell, { input }: Request): void {
  if (input.RevisionId !== undefined && input.RevisionId !== String(revision))
    throw new AwsError('PreconditionFailedException', 'The RevisionId provided does not match the latest RevisionId.', 412);
}
