import { TestEnvironment } from 'jest-environment-node';
import { type Models, modelsIn } from './model';

/** Outlives each test file: a worker reads a model once. */
let models: Models | undefined;

/** Node, with AWS's models of its APIs. */
export default class EnvironmentWithModels extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    const folder = process.env.POSTURE_AWS_MODELS;
    if (folder) models ??= modelsIn(folder);
    this.global.awsModels = models;
  }
}
