import { DescribeDocumentPermissionCommand, ListDocumentsCommand, ModifyDocumentPermissionCommand, SSMClient } from '@aws-sdk/client-ssm';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { defineRule, notFound } from '../rule';
import { document, documents, unknown } from './document/resource';

const everybody = 'all';

/** `version`: the shared version, if it is not the default one. */
type State = { readonly public: boolean; readonly version?: string };

export default defineRule({
  id: 'ssm-document-not-public',
  title: 'SSM documents are not public',
  why: 'Documents contain server names, scripts and sometimes passwords, and any AWS account can read a public one.',
  impact: 'Other accounts can no longer use the document, unless it is shared with them by account ID; those shares stay.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  resource: document,
  detectedBy: { securityHub: ['SSM.4'], config: ['ssm-document-not-public'] },
  permissions: {
    inspect: [
      { actions: ['ssm:DescribeDocumentPermission'], on: documents },
      // IAM supports no resource-level permissions for it.
      { actions: ['ssm:ListDocuments'], on: '*' },
    ],
    change: { actions: ['ssm:ModifyDocumentPermission'], on: documents },
  },
  clients: [SSMClient],
  commands: [ModifyDocumentPermissionCommand],

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const pages = await undefinedOn(
      unknown,
      collect(
        (NextToken) => aws.send(new DescribeDocumentPermissionCommand({ Name: id, PermissionType: 'Share', MaxResults: 200, NextToken })),
        ({ AccountIds, AccountSharingInfoList = [] }) => [
          {
            shared: AccountIds?.includes(everybody) ?? false,
            version: AccountSharingInfoList.find(({ AccountId }) => AccountId === everybody)?.SharedDocumentVersion,
          },
        ],
        ({ NextToken }) => NextToken,
      ),
    );
    if (!pages) return notFound;
    const version = pages.find((page) => page.version !== undefined)?.version;
    return { public: pages.some(({ shared }) => shared), ...(version !== undefined && { version }) };
  },

  plan({ id }, state) {
    if (!state.public) return [];
    const permission = { Name: id, PermissionType: 'Share' as const };
    return [
      {
        do: new ModifyDocumentPermissionCommand({ ...permission, AccountIdsToRemove: [everybody] }),
        undo: new ModifyDocumentPermissionCommand({
          ...permission,
          AccountIdsToAdd: [everybody],
          ...(state.version !== undefined && { SharedDocumentVersion: state.version }),
        }),
      },
    ];
  },

  list: (_, aws) =>
    collect(
      (NextToken) => aws.send(new ListDocumentsCommand({ Filters: [{ Key: 'Owner', Values: ['Self'] }], MaxResults: 50, NextToken })),
      ({ DocumentIdentifiers = [] }) => DocumentIdentifiers.flatMap(({ Name }) => Name ?? []),
      ({ NextToken }) => NextToken,
    ),
});
