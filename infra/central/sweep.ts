import { Aws, CfnCondition, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { accessOfSweep } from '../../functions/coordination/keys';
import { logIndexes } from '../../functions/log/indexes';
import type { SweepEnvironment } from '../../functions/sweep/environment';
import { lambdaFunction } from '../function';
import { ownNames } from '../names';
import { routeToFunction } from '../route/to-function';
import { allow, allowItems } from '../statement';
import { hasOrganization, inMembers } from './members';
import { acknowledgeReader, type ReaderProps, readerEnvironment, readerStatements } from './reader';

const name = 'sweep';

/** The scheduled look at all resources of the rules, which finds drift where no detection service is on. Off until somebody switches it on. */
export function sweep(parent: Construct, props: ReaderProps & { readonly coordination: Table }): void {
  const scope = new Construct(parent, 'Sweeping');
  const own = ownNames(name);
  const stack = Stack.of(parent);
  const given = parametersOf(stack);
  const { lambda, role } = lambdaFunction(scope, {
    name: own.function,
    description: 'Looks at all resources of the rules, and hands on what is not as it should be.',
    code: props.bundle.folder,
    memorySize: 1024,
    timeout: 900,
    role: {
      name: own.functionRole,
      description: 'Execution role of the function that looks at all resources of the rules.',
      statements: [
        allow(['dynamodb:Query'], `${props.log.tableArn}/index/${logIndexes.finding}`),
        ...allowItems(props.coordination, accessOfSweep.coordination),
        allow(['organizations:ListAccounts'], '*'),
        ...readerStatements(name, props, inMembers(stack, props.members)),
      ],
    },
    environment: (): Record<Exclude<keyof SweepEnvironment, 'AWS_REGION'>, string> => ({
      ...readerEnvironment(name, props),
      LOG_TABLE: props.log.tableName,
      COORDINATION_TABLE: props.coordination.tableName,
      CENTRAL_PARTITION: Aws.PARTITION,
      CENTRAL_ACCOUNT: Aws.ACCOUNT_ID,
      ACCOUNTS: accountsOf(stack, props),
      REGIONS: given.regions,
      SWEEP: given.sweep.valueAsString,
      MAX_FINDINGS: given.findings.valueAsString,
    }),
    failures: { queue: props.deadLetters.failed, qualifier: '$LATEST', maxAge: 3600 },
  });
  acknowledgeReader(role, name);
  routeToFunction(scope, 'Route', {
    name: own.route,
    description: 'Begins a sweep when it is time, and goes on with one that is not finished.',
    scheduleExpression: 'rate(1 hour)',
    state: Fn.conditionIf(given.isOn.logicalId, 'ENABLED', 'DISABLED').toString(),
    target: lambda,
    undelivered: props.deadLetters.undelivered,
    // An hour later, the next one comes.
    maxAge: 1800,
    maxRetries: 5,
  });
}

function parametersOf(stack: Stack) {
  const sweep = new CfnParameter(stack, 'Sweep', {
    default: 'off',
    allowedPattern: '^(off|[1-9][0-9]{0,2})$',
    constraintDescription: 'has to be off, or a number of hours from 1 to 999',
    description: 'The hours from the beginning of a sweep of all resources to that of the next one, or off.',
  });
  const regions = new CfnParameter(stack, 'SweepRegions', {
    default: '',
    allowedPattern: '^([a-z]{2,8}(-[a-z]{2,16}){1,3}-[0-9]{1,2}(,[a-z]{2,8}(-[a-z]{2,16}){1,3}-[0-9]{1,2})*)?$',
    constraintDescription: 'has to be names of Regions with commas between, or empty for the Region of this stack',
    description: 'The Regions that are swept in each account, with commas between. Leave empty for the Region of this stack.',
  });
  const findings = new CfnParameter(stack, 'SweepFindings', {
    default: '100',
    allowedPattern: '^[1-9][0-9]{0,3}$',
    constraintDescription: 'has to be a number from 1 to 9999',
    description: 'The maximum number of findings that the sweep hands on in an hour.',
  });
  const isOn = new CfnCondition(stack, 'Sweeps', { expression: Fn.conditionNot(Fn.conditionEquals(sweep.valueAsString, 'off')) });
  const isHere = new CfnCondition(stack, 'SweepsThisRegion', { expression: Fn.conditionEquals(regions.valueAsString, '') });
  return { sweep, findings, isOn, regions: Fn.conditionIf(isHere.logicalId, Aws.REGION, regions.valueAsString).toString() };
}

/** All of the organization, or this account and those of the list. */
function accountsOf(stack: Stack, { members }: Pick<ReaderProps, 'members'>): string {
  const listed = Fn.join(',', [Aws.ACCOUNT_ID, members.accounts.valueAsString]);
  return Fn.conditionIf(hasOrganization(stack, members).logicalId, 'organization', listed).toString();
}
