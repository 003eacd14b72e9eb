import dns from 'node:dns';

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host);

/** Whether the SDK uses an emulator on this machine. */
export function usesLoopback(variables: NodeJS.ProcessEnv): boolean {
  return Object.entries(variables).some(
    ([name, value]) =>
      /^AWS_ENDPOINT_URL(_|$)/.test(name) && value !== undefined && URL.canParse(value) && isLoopback(new URL(value).hostname),
  );
}

type Lookup = typeof dns.lookup;
type Answer = (error: null, address: string | readonly dns.LookupAddress[], family?: number) => void;

/** Resolves `<account>.localhost` and `<bucket>.localhost` to this machine: S3 and S3 Control prepend them to the host of their endpoint. */
export function answerLocalhost(): void {
  const lookup = dns.lookup as (...args: readonly unknown[]) => unknown;
  const answer = (name: string, options: unknown, callback?: Answer): unknown => {
    if (!/\.localhost\.?$/i.test(String(name))) return lookup(name, ...(callback === undefined ? [options] : [options, callback]));
    const done = callback ?? (options as Answer);
    const all = typeof options === 'object' && options !== null && 'all' in options && options.all === true;
    return process.nextTick(() => (all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)));
  };
  dns.lookup = answer as unknown as Lookup;
}
