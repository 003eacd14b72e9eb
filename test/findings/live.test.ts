import {
  DescribeDBClustersCommand,
  type DescribeDBClustersCommandInput,
  type DescribeDBClustersCommandOutput,
  RDSClient,
} from '@aws-sdk/client-rds';
import { arnOf } from '../../functions/aws/arn';
import type { Finding } from '../../functions/findings/finding';
import { identify } from '../../functions/findings/identify';
import { readEvent } from '../../functions/sources/read-event';
import { type Resource, type Rule, toArray } from '../../rules/rule';
import { useBench } from '../contract/bench';
import type { Scenario, Violation, World } from '../contract/scenario';
import { standIn } from '../contract/stand-in';
import { configComplianceChange } from '../events/config';
import { securityHubImported, securityHubType } from '../events/security-hub';
import { rules } from './end-of';
import { kindForms } from './kinds';
import { liveId } from './live-ids';
import { scenarioOf } from './scenarios';

/** Moto does not know this filter of clusters. */
const filterClusters = () =>
  standIn(RDSClient, async (command, send) => {
    const { Filters: [filter] = [] } = command.input as DescribeDBClustersCommandInput;
    if (!(command instanceof DescribeDBClustersCommand) || filter?.Name !== 'db-cluster-resource-id') return send(command);
    const { DBClusters = [] } = (await send(new DescribeDBClustersCommand({}))) as DescribeDBClustersCommandOutput;
    return { DBClusters: DBClusters.filter(({ DbClusterResourceId = '' }) => filter.Values?.includes(DbClusterResourceId)) };
  });

const described = new Map<string, Scenario>();

jest.mock('../contract/describe-rule', () => ({
  describeRule: (rule: Pick<Rule, 'id'>, scenario: Scenario) => described.set(rule.id, scenario),
}));

/** Types for a domain, an account or an instance that the seeds have under another type. */
const twins = [
  'AWS::AccessAnalyzer::Analyzer',
  'AWS::EC2::SnapshotBlockPublicAccess',
  'AWS::Elasticsearch::Domain',
  'AWS::S3::AccountPublicAccessBlock',
  'AWS::SSM::PatchCompliance',
];

/** What a detector sends about a resource. */
interface Sent {
  readonly form: string;
  readonly event: object;
}

/** The rule for a type whose detectors are the most. */
const ruleFor = (type: string): Rule => {
  const detectors = ({ detectedBy: { securityHub, config } }: Rule) => Number(securityHub.length > 0) + Number(config.length > 0);
  const [rule] = rules
    .filter(({ resource }) => toArray(resource).some((kind) => kind.type === type))
    .toSorted((a, b) => toArray(a.resource).length - toArray(b.resource).length || detectors(b) - detectors(a));
  if (!rule) throw new Error(`No rule is for ${type}.`);
  return rule;
};

/** Each form in which Security Hub and AWS Config name the resource: those of `kindForms`, of the very resource. */
async function sentAbout(rule: Rule, resource: Resource, world: World, control: string | undefined): Promise<readonly Sent[]> {
  const { type, arn, account, region } = resource;
  const { ids = {}, asff, control: known } = kindForms[type] ?? {};
  const [configRule] = rule.detectedBy.config;
  const [, service, arnRegion, arnAccount] = /^arn:aws:([^:]+):([^:]*):([^:]*):/.exec(arn) ?? [];
  const named = type.slice(type.lastIndexOf(':') + 1).toLowerCase();
  const hub = (form: string, id: string): readonly Sent[] =>
    control === undefined || known === undefined
      ? []
      : [
          {
            form: `Security Hub, ${form}`,
            event: securityHubImported({
              control,
              account,
              region,
              resource: { type, arn: id, securityHubType: asff ?? securityHubType(type) },
            }),
          },
        ];
  const config = (form: string, resourceId: string): readonly Sent[] =>
    configRule === undefined
      ? []
      : [
          {
            form: `AWS Config, ${form}`,
            event: configComplianceChange({ rule: configRule, resourceType: type, resourceId, account, region }),
          },
        ];
  const sent = [...hub('its ARN', arn), ...config('its ARN', arn)];
  for (const sort of Object.keys(ids)) {
    const id = await liveId(sort, resource, world);
    sent.push(...config(sort, id));
    if (service === undefined || id.startsWith('arn:') || /^https?:/.test(id)) continue;
    const generic = `arn:aws:${service}:${arnRegion}:${arnAccount}:${named}`;
    sent.push(...hub(`a generic ARN of ${sort}`, `${generic}:${id}`));
    // After a capture, of an RDS cluster. With a name, it can be the ARN of another resource.
    if (sort === 'the resource id') sent.push(...hub(`a generic ARN with a slash, of ${sort}`, `${generic}/${id}`));
  }
  return sent;
}

describe.each(Object.keys(kindForms))('%s', (type) => {
  const rule = ruleFor(type);
  const scenario = scenarioOf(rule, described);
  const bench = useBench(rule, scenario);
  if (type === 'AWS::RDS::DBCluster') filterClusters();

  /** A noncompliant resource of the type. */
  async function seeded() {
    for (const violation of Object.values(scenario.violations) as readonly Violation[]) {
      const world = await bench.world();
      const { resource } = bench.finding(world, await violation.seed(world), violation.detectedBy);
      const own = twins.includes(type) ? twinOf(resource) : resource;
      if (own?.type !== type) continue;
      const given = typeof scenario.parameters === 'function' ? scenario.parameters(world) : scenario.parameters;
      const { detectedBy = rule.detectedBy.securityHub[0] } = violation;
      return {
        world,
        resource: own,
        parameters: { ...given, ...violation.parameters },
        control: rule.detectedBy.securityHub.find((one) => one === detectedBy),
      };
    }
    throw new Error(`No violation of ${rule.id} is of ${type}.`);
  }

  /** The same thing under this type. */
  function twinOf(resource: Resource): Resource | undefined {
    const kind = toArray(rule.resource).find((one) => one.type === type);
    const id = type === 'AWS::SSM::PatchCompliance' ? `AWS::SSM::ManagedInstanceInventory/${resource.id}` : resource.id;
    const arn = kind && arnOf(kind, resource, id);
    return arn === undefined ? undefined : { ...resource, type, id, arn };
  }

  it('is the same resource in each form in which detectors name it', async () => {
    const { world, resource, parameters, control } = await seeded();
    const found: Record<string, unknown> = {};
    const outcomes: Record<string, readonly string[]> = {};
    const all = await sentAbout(rule, resource, world, control);
    for (const { form, event } of all) {
      const { findings, refusals } = readEvent(rule, event, { partition: 'aws' });
      const [finding] = findings as readonly [Finding?];
      const identified = finding && (await identify(finding, bench.connect(resource)));
      found[form] = finding ? identified : refusals;
      if (!finding) continue;
      const result = await bench.handle(finding, { mode: 'observe', parameters });
      outcomes[finding.source] = [...(outcomes[finding.source] ?? []), `${result.outcome} ${result.resource}`];
    }
    expect(found).toEqual(Object.fromEntries(all.map(({ form }) => [form, resource])));
    // Whatever names it, the rule comes to the same end.
    for (const ends of Object.values(outcomes))
      expect([...new Set(ends)]).toEqual([expect.stringMatching(/^(observed|already-compliant) /)]);
    const { control: byHub, configRule: byConfig } = kindForms[type] ?? {};
    const sources = [...(byHub === undefined ? [] : ['security-hub']), ...(byConfig === undefined ? [] : ['config'])];
    expect(Object.keys(outcomes).toSorted()).toEqual(sources.toSorted());
  });
});
