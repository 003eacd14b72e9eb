import type { ResourceKind } from '../../rule';
import { describeProject, projectReading } from './describe';

/** A build project, by its name. */
export const project: ResourceKind = {
  type: 'AWS::CodeBuild::Project',
  arn: 'arn:{partition}:codebuild:{region}:{account}:project/{id}',
  scope: 'regional',
  changedBy: {
    service: 'codebuild',
    calls: {
      'requestParameters.name': ['CreateProject', 'UpdateProject'],
    },
  },
  target: ({ id }) => ({ name: id }),
  permissions: [projectReading],

  async tags({ id }, aws) {
    const { tags = [] } = (await describeProject(id, aws)) ?? {};
    return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
  },
};
