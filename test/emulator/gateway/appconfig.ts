import { randomBytes } from 'node:crypto';
import { errorAnswer, jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';
import type { Answer } from './upstream';

/** Looks at a configuration before it is deployed, as AppConfig's LAMBDA validator does: it throws where that does not fit. */
export type Validator = (content: string) => Promise<void> | void;

export interface AppConfig {
  /** Lets deployments of an account be checked. */
  validateBy(account: string, validator: Validator): void;
  /** Makes what is deployed unreadable, past the validator: a text, or undefined for nothing deployed. */
  corrupt(account: string, content: string | undefined): void;
  /** Lets all session tokens given out so far expire. */
  expireTokens(): void;
}

type Fields = Readonly<Record<string, unknown>>;
interface Thing extends Fields {
  readonly Id: string;
  readonly Name: string;
}
interface Version {
  readonly content: Buffer;
  readonly type: string;
  readonly description: string | undefined;
}
interface Session {
  readonly key: string;
  readonly account: string;
  /** What was given out last. */
  given: string | undefined;
}

const id = (): string => randomBytes(4).toString('hex').slice(0, 7);

/** AppConfig, of which moto has no environments, deployments and data. All at once, and without a bake. */
export const emulateAppConfig = () => {
  const kinds = new Map<string, Thing[]>();
  const versions = new Map<string, Version[]>();
  const deployments = new Map<string, Fields[]>();
  const deployed = new Map<string, { readonly account: string; content: string | undefined }>();
  const validators = new Map<string, Validator>();
  const sessions = new Map<string, Session>();

  const things = (kind: string, place: Place, parent = '') => {
    const key = [place.account, place.region, kind, parent].join(' ');
    const list = kinds.get(key) ?? [];
    kinds.set(key, list);
    return list;
  };
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const under = ({ input }: Operation): string => text(input.ApplicationId);
  const refused = (operation: Operation, status: number, code: string, message: string) =>
    errorAnswer(operation, { status, code, message });
  const missing = (operation: Operation, what: string) => refused(operation, 404, 'ResourceNotFoundException', `${what} does not exist`);
  const named = (list: readonly Thing[], name: unknown) => list.find(({ Id, Name }) => Id === name || Name === name);

  const create = (kind: string, below: boolean) => (operation: Operation, place: Place) => {
    const thing = { ...operation.input, Id: id(), Name: text(operation.input.Name) };
    things(kind, place, below ? under(operation) : '').push(thing);
    return jsonAnswer(thing);
  };
  const list = (kind: string, below: boolean) => (operation: Operation, place: Place) =>
    jsonAnswer({ Items: things(kind, place, below ? under(operation) : '') });

  const operations: LocalOperations = {
    'appconfig:CreateApplication': create('application', false),
    'appconfig:ListApplications': list('application', false),
    'appconfig:CreateEnvironment': create('environment', true),
    'appconfig:ListEnvironments': list('environment', true),
    'appconfig:CreateConfigurationProfile': create('profile', true),
    'appconfig:ListConfigurationProfiles': list('profile', true),
    'appconfig:CreateDeploymentStrategy': create('strategy', false),
    'appconfig:ListDeploymentStrategies': list('strategy', false),

    'appconfig:CreateHostedConfigurationVersion'(operation, place, request) {
      const { ApplicationId, ConfigurationProfileId } = operation.input;
      if (!named(things('profile', place, under(operation)), ConfigurationProfileId))
        return missing(operation, 'The configuration profile');
      const key = `${ApplicationId}/${ConfigurationProfileId}`;
      const header = (name: string) => (request.headers[name] === undefined ? undefined : String(request.headers[name]));
      const made = [
        ...(versions.get(key) ?? []),
        { content: request.body, type: header('content-type') ?? '', description: header('description') },
      ];
      versions.set(key, made);
      return versionAnswer(operation, made.length, made.at(-1));
    },
    'appconfig:GetHostedConfigurationVersion'(operation) {
      const { ApplicationId, ConfigurationProfileId, VersionNumber } = operation.input;
      return versionAnswer(
        operation,
        Number(VersionNumber),
        versions.get(`${ApplicationId}/${ConfigurationProfileId}`)?.[Number(VersionNumber) - 1],
      );
    },
    async 'appconfig:StartDeployment'(operation, place) {
      const { ApplicationId, EnvironmentId, ConfigurationProfileId, ConfigurationVersion, Description } = operation.input;
      const version = versions.get(`${ApplicationId}/${ConfigurationProfileId}`)?.[Number(ConfigurationVersion) - 1];
      if (!version || !named(things('environment', place, under(operation)), EnvironmentId))
        return missing(operation, 'The version or the environment');
      const content = version.content.toString();
      try {
        await validators.get(place.account)?.(content);
      } catch (error) {
        return refused(operation, 400, 'BadRequestException', `Error invoking the Lambda validator: ${(error as Error).message}`);
      }
      const key = `${ApplicationId}/${EnvironmentId}`;
      const time = new Date(place.time).toISOString();
      const all = deployments.get(key) ?? [];
      const deployment = {
        ApplicationId,
        EnvironmentId,
        ConfigurationProfileId,
        ConfigurationVersion,
        Description,
        DeploymentNumber: all.length + 1,
        State: 'COMPLETE',
        StartedAt: time,
        CompletedAt: time,
        PercentageComplete: 100,
      };
      deployments.set(key, [...all, deployment]);
      deployed.set(`${key}/${ConfigurationProfileId}`, { account: place.account, content });
      // It never is done at once.
      return jsonAnswer({ ...deployment, State: 'DEPLOYING', CompletedAt: undefined });
    },
    /** Reverts a deployment: what was deployed before is in force again. */
    'appconfig:StopDeployment'(operation) {
      const { ApplicationId, EnvironmentId, DeploymentNumber } = operation.input;
      const key = `${ApplicationId}/${EnvironmentId}`;
      const all = deployments.get(key) ?? [];
      const stopped = all[Number(DeploymentNumber) - 1];
      const before = all.findLast((one) => one !== stopped && one.State === 'COMPLETE');
      if (!stopped || !before) return missing(operation, 'The deployment');
      const { ConfigurationProfileId, ConfigurationVersion } = before;
      const version = versions.get(`${ApplicationId}/${ConfigurationProfileId}`)?.[Number(ConfigurationVersion) - 1];
      const target = deployed.get(`${key}/${ConfigurationProfileId}`);
      if (target) target.content = version?.content.toString();
      const reverted = { ...stopped, State: 'REVERTED' };
      deployments.set(
        key,
        all.map((one) => (one === stopped ? reverted : one)),
      );
      return jsonAnswer(reverted);
    },
    'appconfig:GetDeployment'(operation) {
      const { ApplicationId, EnvironmentId, DeploymentNumber } = operation.input;
      const found = deployments.get(`${ApplicationId}/${EnvironmentId}`)?.[Number(DeploymentNumber) - 1];
      return found ? jsonAnswer(found) : missing(operation, 'The deployment');
    },
    'appconfig:ListDeployments'(operation) {
      const { ApplicationId, EnvironmentId } = operation.input;
      return jsonAnswer({ Items: (deployments.get(`${ApplicationId}/${EnvironmentId}`) ?? []).toReversed() });
    },
    'appconfig:StartConfigurationSession': startSession,
    'appconfig:GetLatestConfiguration': latest,
    'appconfigdata:StartConfigurationSession': startSession,
    'appconfigdata:GetLatestConfiguration': latest,
  };

  function startSession(operation: Operation, place: Place): Answer {
    const { ApplicationIdentifier, EnvironmentIdentifier, ConfigurationProfileIdentifier } = operation.input;
    const application = named(things('application', place), ApplicationIdentifier);
    const environment = named(things('environment', place, application?.Id), EnvironmentIdentifier);
    const profile = named(things('profile', place, application?.Id), ConfigurationProfileIdentifier);
    if (!application || !environment || !profile) return missing(operation, 'The configuration');
    return jsonAnswer({
      InitialConfigurationToken: token({
        key: `${application.Id}/${environment.Id}/${profile.Id}`,
        account: place.account,
        given: undefined,
      }),
    });
  }

  function latest(operation: Operation): Answer {
    const given = text(operation.input.ConfigurationToken ?? operation.input.configuration_token);
    const session = sessions.get(given);
    if (!session) return refused(operation, 400, 'BadRequestException', 'The configuration token has expired or was used before');
    // A token is good for one call.
    sessions.delete(given);
    const content = deployed.get(session.key)?.content;
    const changed = content !== undefined && content !== session.given ? content : '';
    const headers = {
      'content-type': 'application/json',
      'next-poll-configuration-token': token({ ...session, given: content }),
      'next-poll-interval-in-seconds': '15',
    };
    return { status: 200, rawHeaders: Object.entries(headers).flat(), headers, body: Buffer.from(changed) };
  }

  function token(session: Session): string {
    const name = randomBytes(16).toString('base64url');
    sessions.set(name, session);
    return name;
  }

  function versionAnswer(operation: Operation, number: number, version: Version | undefined): Answer {
    if (!version) return missing(operation, 'The version');
    const headers = {
      'content-type': version.type,
      'version-number': String(number),
      'application-id': text(operation.input.ApplicationId),
      'configuration-profile-id': text(operation.input.ConfigurationProfileId),
      ...(version.description !== undefined && { description: version.description }),
    };
    return {
      status: operation.name.startsWith('Create') ? 201 : 200,
      rawHeaders: Object.entries(headers).flat(),
      headers,
      body: version.content,
    };
  }

  const appConfig: AppConfig = {
    validateBy: (account, validator) => void validators.set(account, validator),
    corrupt(account, content) {
      for (const one of deployed.values()) if (one.account === account) one.content = content;
    },
    expireTokens: () => sessions.clear(),
  };
  return { appConfig, operations };
};
