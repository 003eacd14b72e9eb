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

/** The findings of all accounts, by id and by resource. */
export class HubFindings {
  private readonly byId = new Map<string, HubFinding>();
  /** Whether the control fails at this moment; it is evaluated whenever somebody asks. */
  fails: (finding: HubFinding) => boolean = () => true;
  onUpdate: (finding: HubFinding) => void = () => {};
  private readonly byResource = new Map<string, Map<string, HubFinding>>();

  set(finding: HubFinding): void {
    this.byId.set(finding.id, finding);
    const same = this.byResource.get(finding.resource) ?? new Map<string, HubFinding>();
    this.byResource.set(finding.resource, same.set(finding.id, finding));
  }

  get(id: string): HubFinding | undefined {
    return this.byId.get(id);
  }

  all(): readonly HubFinding[] {
    return [...this.byId.values()];
  }

  of(resource: string): readonly HubFinding[] {
    return [...(this.byResource.get(resource)?.values() ?? [])];
  }
}

export function securityHub(findings: HubFindings): Service {
  return {
    GetFindings({ input, account, now }) {
      const asked = Object.entries<readonly { readonly Value: string }[]>(input.Filters);
      const found = candidates(asked).filter(
        (finding) =>
          finding.account === account && asked.every(([name, values]) => values.some(({ Value }) => fieldOf(finding, name) === Value)),
      );
      return {
        Findings: found.slice(0, input.MaxResults ?? 100).map(({ id, productArn, workflow, control, resource }) => ({
          Id: id,
          ProductArn: productArn,
          Workflow: { Status: workflow },
          Compliance: { SecurityControlId: control, Status: findings.fails(findings.get(id) as HubFinding) ? 'FAILED' : 'PASSED' },
          RecordState: 'ACTIVE',
          LastObservedAt: new Date(now).toISOString(),
          Resources: [{ Id: resource }],
        })),
      };
    },
    BatchUpdateFindings({ input }) {
      const UnprocessedFindings = [];
      for (const { Id, ProductArn } of input.FindingIdentifiers) {
        const finding = findings.get(Id);
        if (finding) {
          finding.workflow = input.Workflow.Status;
          findings.onUpdate(finding);
        } else
          UnprocessedFindings.push({
            FindingIdentifier: { Id, ProductArn },
            ErrorCode: 'FindingNotFound',
            ErrorMessage: 'Finding Not Found',
          });
      }
      return { ProcessedFindings: [], UnprocessedFindings };
    },
  };

  function candidates(asked: readonly (readonly [string, readonly { readonly Value: string }[]])[]): readonly HubFinding[] {
    const valuesOf = (wanted: string) => (asked.find(([name]) => name === wanted)?.[1] ?? []).map(({ Value }) => Value);
    if (!asked.some(([name]) => name === 'Id' || name === 'ResourceId')) return findings.all();
    return [...valuesOf('Id').flatMap((id) => findings.get(id) ?? []), ...valuesOf('ResourceId').flatMap((arn) => findings.of(arn))];
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
