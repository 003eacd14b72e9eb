import { type ContainerDefinition, DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { amend } from '../../amendment';
import type { JsonObject } from '../../json';
import type { Tags } from '../../rule';

/** The differences between a new revision and the previous one. */
export interface Amendment {
  /** Members of the task definition. */
  readonly task?: JsonObject;
  /** By the name of a container. */
  readonly containers?: {
    readonly [container: string]: {
      /** Members of the container definition. */
      readonly set?: JsonObject;
      /** Environment variables to replace with secrets: the secret or parameter that ECS provides under the same name. */
      readonly secrets?: { readonly [variable: string]: string };
    };
  };
}

interface Revision extends Amendment {
  readonly family: string;
  /** The ARN of the revision that it is based on, the latest active one. */
  readonly copyOf: string;
  /** In addition to the tags of that revision. */
  readonly tags: Tags;
}

/**
 * Registers a revision based on the latest one, with the amendment. Environment variables, which may contain secrets, are read and
 * written back to ECS: no plan, state or log contains their values.
 */
export const ReviseTaskDefinitionCommand = amend<Revision>(
  RegisterTaskDefinitionCommand,
  async ({ family, copyOf, tags: own, task, containers = {} }, aws) => {
    const query = new DescribeTaskDefinitionCommand({ taskDefinition: family, include: ['TAGS'] });
    const { taskDefinition: latest, tags = [] } = await aws.send(query);
    if (!latest || latest.taskDefinitionArn !== copyOf)
      throw new Error(`The latest revision is now ${latest?.taskDefinitionArn}, not ${copyOf}. This change was not made.`);
    // ECS returns these, and does not accept them.
    const { taskDefinitionArn, revision, status, requiresAttributes, compatibilities, registeredAt, registeredBy, ...kept } = latest;
    // Tags with this prefix are reserved.
    const theirs = tags.filter(({ key = '' }) => !key.startsWith('aws:') && !Object.hasOwn(own, key));
    return new RegisterTaskDefinitionCommand({
      ...kept,
      family,
      ...task,
      containerDefinitions: (latest.containerDefinitions ?? []).map((container) => amendedContainer(container, containers)),
      tags: [...theirs, ...Object.entries(own).map(([key, value]) => ({ key, value }))],
    });
  },
);

function amendedContainer(container: ContainerDefinition, containers: NonNullable<Amendment['containers']>): ContainerDefinition {
  const { set, secrets } = containers[container.name ?? ''] ?? {};
  if (!secrets) return { ...container, ...set };
  const isMoved = (name = ''): boolean => Object.hasOwn(secrets, name);
  return {
    ...container,
    ...set,
    environment: (container.environment ?? []).filter(({ name }) => !isMoved(name)),
    secrets: [
      ...(container.secrets ?? []).filter(({ name }) => !isMoved(name)),
      ...Object.entries(secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    ],
  };
}
