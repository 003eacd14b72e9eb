import type { Service } from '../request';

/** A finding as Security Hub keeps it. */
export interface HubFinding {
  readonly id: string;
  readonly productArn: string;
  readonly control: string;
  readonly resource: string;
  readonly account: string;
  workflow: string;
}

/** The findings of all accounts. */
export function securityHub(findings: Map<string, HubFinding>): Service {
  return {
    GetFindings({ input, account }) {
      const asked = Object.entries<readonly { readonly Value: string }[]>(input.Filters);
      const found = [...(asked.some(([name]) => name === 'Id') ? byId(asked) : findings.values())].filter(
        (finding) =>
          finding.account === account && asked.every(([name, values]) => values.some(({ Value }) => fieldOf(finding, name) === Value)),
      );
      return {
        Findings: found.slice(0, input.MaxResults ?? 100).map(({ id, productArn, workflow, control, resource }) => ({
          Id: id,
          ProductArn: productArn,
          Workflow: { Status: workflow },
          Compliance: { SecurityControlId: control },
          Resources: [{ Id: resource }],
        })),
      };
    },
    BatchUpdateFindings({ input }) {
      const UnprocessedFindings = [];
      for (const { Id, ProductArn } of input.FindingIdentifiers) {
        const finding = findings.get(Id);
        if (finding) finding.workflow = input.Workflow.Status;
        else
          UnprocessedFindings.push({
            FindingIdentifier: { Id, ProductArn },
            ErrorCode: 'FindingNotFound',
            ErrorMessage: 'Finding Not Found',
          });
      }
      return { ProcessedFindings: [], UnprocessedFindings };
    },
  };

  function byId(asked: readonly (readonly [string, readonly { readonly Value: string }[]])[]): readonly HubFinding[] {
    const values = asked.find(([name]) => name === 'Id')?.[1] ?? [];
    return values.flatMap(({ Value }) => findings.get(Value) ?? []);
  }
}

function fieldOf(finding: HubFinding, name: string): string | undefined {
  const fields: Readonly<Record<string, string>> = {
    Id: finding.id,
    ProductArn: finding.productArn,
    ResourceId: finding.resource,
    ComplianceSecurityControlId: finding.control,
    WorkflowStatus: finding.workflow,
    AwsAccountId: finding.account,
    RecordState: 'ACTIVE',
  };
  return fields[name];
}
