import type { Service } from '../request';

/** Role sessions, told apart by their access key. */
export function sts(): {
  readonly service: Service;
  session(accessKeyId: string): { readonly account: string; readonly arn: string } | undefined;
} {
  const sessions = new Map<string, { readonly account: string; readonly arn: string }>();
  const keys = new Map<string, string>();
  return {
    session: (accessKeyId) => sessions.get(accessKeyId),
    service: {
      AssumeRole({ input, now }) {
        const [, account = '', name = ''] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(input.RoleArn) ?? [];
        const arn = `arn:aws:sts::${account}:assumed-role/${name}/${input.RoleSessionName}`;
        const AccessKeyId = keys.get(arn) ?? `ASIA${String(keys.size + 1).padStart(16, '0')}`;
        keys.set(arn, AccessKeyId);
        sessions.set(AccessKeyId, { account, arn });
        return { Credentials: { AccessKeyId, SecretAccessKey: 'secret', SessionToken: 'token', Expiration: new Date(now + 3_600_000) } };
      },
    },
  };
}
