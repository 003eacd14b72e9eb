// S3 Control puts the account, and S3 the bucket, before the host of its endpoint: all of `*.localhost` is this machine.
const dns = require('node:dns');

const lookup = dns.lookup;
const isLocal = (name) => typeof name === 'string' && /(^|\.)localhost\.?$/i.test(name);

if (!lookup.answersLocalhost) {
  const answer = (name, options, callback) => {
    const done = typeof options === 'function' ? options : callback;
    if (!isLocal(name)) return lookup(name, options, callback);
    const all = typeof options === 'object' && options !== null && options.all;
    process.nextTick(() => (all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)));
  };
  dns.lookup = Object.assign(answer, { answersLocalhost: true });
}
