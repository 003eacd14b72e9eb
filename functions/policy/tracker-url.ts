const thisMachine = /^(localhost|127\.0\.0\.1)$/;

/**
 * Whether an address can be that of a tracker. Addresses by number are none, so that no policy names a private network or the metadata of an
 * instance; a name without a dot, or of a local domain, is none either.
 */
export function isTrackerUrl(given: string): boolean {
  if (!URL.canParse(given)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(given);
  if (username !== '' || password !== '' || search !== '' || hash !== '' || /[?#]/.test(given)) return false;
  if (thisMachine.test(hostname)) return protocol === 'http:' || protocol === 'https:';
  const isName = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(hostname);
  return protocol === 'https:' && isName && !/\.(local|localhost|internal|intranet|lan|home|corp|arpa)$/.test(hostname);
}
