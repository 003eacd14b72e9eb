// How often the SDK tries again is its own; it does so at once here, as the emulator has no weather to wait out.
const { DefaultRateLimiter, Retry } = require('@smithy/core/retry');

Retry.delay = () => 1;
Retry.throttlingDelay = () => 1;
DefaultRateLimiter.prototype.acquireTokenBucket = async () => undefined;
