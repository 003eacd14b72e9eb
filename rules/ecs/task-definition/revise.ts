import { type ContainerDefinition, DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { amend } from '../../amendment';
import type { JsonObject } from '../../json';
import type { Tags } from '../../rule';

/** What a new revision has otherwise than the one before. */
export interface Amendment {
  /** Members of the task definition itself. */
  readonly task?: JsonObject;
  /** By the name of a container. */
  readonly containers?: {
    readonly [container: string]: {
      /** Members of its definition. */
      readonly set?: JsonObject;
      /** Variables that leave its environment, and the secret or parameter that ECS gives it by the same name instead. */
      readonly secrets?: { readonly [variable: string]: string };
    };
  };
}

interface Revision extends Amendment {
  readonly family: string;
  /** The ARN of the revision that it is made of: the latest that is active. */
  readonly copyOf: string;
  /** Besides its own. */
  readonly tags: Tags;
}

/**
 * Registers a revision that is as the latest one, but for the amendment. What the containers are given in their environment, secrets
 * among it, goes from ECS to ECS: no plan, state or log ever holds it.
 */
export const ReviseTaskDefinitionCommand = amend<Revision>(
  RegisterTaskDefinitionCommand,
  async ({ family, copyOf, tags: own, task, containers = {} }, aws) => {
    const query = new DescribeTaskDefinitionCommand({ taskDefinition: family, include: ['TAGS'] });
    const { taskDefinition: latest, tags = [] } = await aws.send(query);
    if (!latest || latest.taskDefinitionArn !== copyOf)
      throw new Error(`${copyOf} is no longer the latest revision: ${latest?.taskDefinitionArn} is. Nothing was changed.`);
    // ECS gives these, and takes none of them.
    const { taskDefinitionArn, revision, status, requiresAttributes, compatibilities, registeredAt, registeredBy, ...kept } = latest;
    // AWS keeps tags with this prefix to itself.
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
