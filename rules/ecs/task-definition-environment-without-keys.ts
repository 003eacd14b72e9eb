import * as z from 'zod';
import { mayRead, roleClients, roleReading } from './task-definition/execution-role';
import { familyOf } from './task-definition/resource';
import { revisedRule } from './task-definition/revised';

/** As Security Hub looks for them. */
const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'ECS_ENGINE_AUTH_DATA'] as const;

const source = z
  .string()
  .regex(/^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:|ssm:[a-z0-9-]+:\d{12}:parameter\/)[A-Za-z0-9/_+=.@:-]+$/);

const parameters = z.strictObject({
  secrets: z
    .record(z.string().regex(/^[A-Za-z0-9_-]{1,255}$/), z.partialRecord(z.enum(keys), source))
    .describe(
      'For each family, by its name, where the owner has put the values of these variables: the ARN of a secret of Secrets Manager (with its key and version behind it, where it has any), or of a parameter of Systems Manager. The execution role of the task has to be allowed to read it (and the key that it is encrypted with, which is not looked at).',
    ),
});

/** Which of the variables the environment of a container holds; never what they hold. */
type Found = { readonly containers: { readonly [name: string]: readonly string[] }; readonly executionRole: string | null };

/** The sources of variables that the execution role may not read. */
type Around = { readonly unreadable: readonly string[] };

type Parameters = z.infer<typeof parameters>;

export default revisedRule<Found, Around, Parameters>({
  id: 'ecs-task-definition-environment-without-keys',
  title: 'ECS containers get their keys from a secret, not from the task definition',
  why: 'What stands in a task definition in plain text can be read by everybody who may look at it, in every revision.',
  impact:
    'A new revision is registered, whose containers get these variables from the secrets that the parameter names, and the services that run the old one are deployed with it. This rule neither reads nor writes a value: put them into the secrets before, new ones, as the old stay readable in the old revision. The old tasks stay where the new ones do not start. Tasks that run without a service, and what names the old revision, stay as they are. A rollback deploys the old revision again.',
  severity: 'high',
  property: 'ContainerDefinitions.Secrets',
  detectedBy: { securityHub: ['ECS.8'], config: ['ecs-no-environment-secrets'] },
  parameters,

  faultOf({ containerDefinitions = [], executionRoleArn = null }) {
    const found = containerDefinitions.map(({ name = '', environment = [] }) => {
      const held = keys.filter((key) => environment.some((variable) => variable.name === key));
      return [name, held] as const;
    });
    const faulty = found.filter(([, held]) => held.length > 0);
    if (faulty.length === 0) return undefined;
    return { containers: Object.fromEntries(faulty), executionRole: executionRoleArn };
  },

  amend(resource, { containers, executionRole }, { secrets }, around) {
    const family = familyOf(resource);
    const named = sourcesOf(family, secrets);
    const unnamed = variablesIn(containers).filter((variable) => named[variable] === undefined);
    if (unnamed.length > 0)
      return {
        unfixable: `Nothing says where ${unnamed.join(' and ')} of ${family} can come from. Put new values into Secrets Manager, and name them under \`secrets\`, \`${family}\`; or, if they are of an IAM user, remove them and give the task a role.`,
      };
    if (!executionRole)
      return { unfixable: `The task definition ${family} has no execution role, by which ECS could read secrets. Give it one that may.` };
    if (around?.unreadable.length)
      return {
        unfixable: `The execution role ${executionRole} may not read ${around.unreadable.join(', ')}, so no container would start. Allow it secretsmanager:GetSecretValue or ssm:GetParameters there.`,
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
    permissions: { inspect: [roleReading], change: [] },
    clients: roleClients,
    commands: [],
  },
});

const sourcesOf = (family: string, secrets: Parameters['secrets']): Readonly<Partial<Record<string, string>>> => secrets[family] ?? {};

const variablesIn = (containers: Found['containers']): readonly string[] => [...new Set(Object.values(containers).flat())];
