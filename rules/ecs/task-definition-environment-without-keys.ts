import * as z from 'zod';
import { mayRead, roleClients, roleReading } from './task-definition/execution-role';
import { familyOf } from './task-definition/resource';
import { revisedRule } from './task-definition/revised';

/** The variables that Security Hub checks for. */
const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'ECS_ENGINE_AUTH_DATA'] as const;

const source = z
  .string()
  .regex(/^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:|ssm:[a-z0-9-]+:\d{12}:parameter\/)[A-Za-z0-9/_+=.@:-]+$/);

const parameters = z.strictObject({
  secrets: z
    .record(z.string().regex(/^[A-Za-z0-9_-]{1,255}$/), z.partialRecord(z.enum(keys), source))
    .describe(
      'For each family, by its name, the sources of these variables: the ARN of a Secrets Manager secret (optionally with a JSON key and version) or of a Systems Manager parameter. The execution role of the task must be allowed to read it, and to use its encryption key, which is not checked.',
    ),
});

/** The variables in the environment of each container, without their values. */
type Found = { readonly containers: { readonly [name: string]: readonly string[] }; readonly executionRole: string | null };

/** The sources that the execution role is not allowed to read. */
type Around = { readonly unreadable: readonly string[] };

type Parameters = z.infer<typeof parameters>;

const ownKeys = {
  unmappable: `The rule moves only ${keys.join(', ')}.`,
  except: [keys.join(',')],
};

export default revisedRule<Found, Around, Parameters>({
  id: 'ecs-task-definition-environment-without-keys',
  title: 'ECS containers do not have credentials in environment variables',
  why: 'Everyone who can view a task definition can read its plaintext environment variables, in every revision.',
  impact:
    'A new revision is registered whose containers get these variables from the secrets in the parameter, and services that run the old revision are updated. The rule does not read or write any value: store new values in the secrets first, as the old ones stay readable in the old revision. Old tasks keep running if new ones do not start. Tasks without a service, and other references to the old revision, do not change. A rollback deploys the old revision again.',
  severity: 'high',
  property: 'ContainerDefinitions.Secrets',
  detectedBy: { securityHub: ['ECS.8'], config: ['ecs-no-environment-secrets'] },
  detectorParameters: {
    'ECS.8': { secretKeys: ownKeys },
    'ecs-no-environment-secrets': { secretKeys: ownKeys },
  },
  parameters,

  misconfigurationOf({ containerDefinitions = [], executionRoleArn = null }) {
    const found = containerDefinitions.map(({ name = '', environment = [] }) => {
      const held = keys.filter((key) => environment.some((variable) => variable.name === key));
      return [name, held] as const;
    });
    const noncompliant = found.filter(([, held]) => held.length > 0);
    if (noncompliant.length === 0) return undefined;
    return { containers: Object.fromEntries(noncompliant), executionRole: executionRoleArn };
  },

  amend(resource, { containers, executionRole }, { secrets }, around) {
    const family = familyOf(resource);
    const named = sourcesOf(family, secrets);
    const unnamed = variablesIn(containers).filter((variable) => named[variable] === undefined);
    if (unnamed.length > 0)
      return {
        unfixable: `There is no source for ${unnamed.join(' and ')} of ${family}. Store new values in Secrets Manager, and add them to \`secrets\` under \`${family}\`. Credentials of an IAM user should be removed instead: give the task a role.`,
        code: 'secret-not-set',
      };
    if (!executionRole)
      return {
        unfixable: `The task definition ${family} has no execution role, which ECS requires to read secrets. Add one with the permission.`,
        code: 'no-execution-role',
      };
    if (around?.unreadable.length)
      return {
        unfixable: `The execution role ${executionRole} is not allowed to read ${around.unreadable.join(', ')}, so containers would not start. Allow secretsmanager:GetSecretValue or ssm:GetParameters.`,
        code: 'execution-role-not-allowed',
      };
    const moved = Object.entries(containers).map(([container, variables]) => {
      return [container, { secrets: Object.fromEntries(variables.map((variable) => [variable, named[variable] ?? ''])) }] as const;
    });
    return { containers: Object.fromEntries(moved) };
  },

  around: {
    async inspect(resource, { containers, executionRole }, aws, { secrets }) {
      const named = sourcesOf(familyOf(resource), secrets);
      const unreadable: string[] = [];
      for (const source of new Set(variablesIn(containers).flatMap((variable) => named[variable] ?? []))) {
        if (executionRole !== null && !(await mayRead(executionRole, source, aws))) unreadable.push(source);
      }
      return { unreadable };
    },
    changes: () => [],
    targets: () => ({}),
    permissions: { inspect: [roleReading], change: [] },
    clients: roleClients,
    commands: [],
  },
});

const sourcesOf = (family: string, secrets: Parameters['secrets']): Readonly<Partial<Record<string, string>>> => secrets[family] ?? {};

const variablesIn = (containers: Found['containers']): readonly string[] => [...new Set(Object.values(containers).flat())];
