// What the Node.js runtime of AWS Lambda does: loads the handler, then asks the Runtime API for one event after another.
const { existsSync } = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const { AWS_LAMBDA_RUNTIME_API: api, LAMBDA_TASK_ROOT: root, _HANDLER: handlerName, ...environment } = process.env;
const [host, port] = api.split(':');
const agent = new http.Agent({ keepAlive: true });

const call = (method, resource, body, headers) =>
  new Promise((resolve, reject) => {
    const request = http.request({ host, port, agent, method, path: `/2018-06-01/runtime/${resource}`, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
    request.end(body);
  });

const described = (error, type) => ({
  errorType: type ?? error?.name ?? typeof error,
  errorMessage: String(error?.message ?? error),
  trace: String(error?.stack ?? '').split('\n'),
});

const report = (resource, error) =>
  call('POST', resource, JSON.stringify(error), {
    'content-type': 'application/json',
    'lambda-runtime-function-error-type': error.errorType,
  });

let current;

const die = (type) => async (error) => {
  const failure = described(error, type);
  console.error(JSON.stringify(failure));
  await report(current === undefined ? 'init/error' : `invocation/${current}/fatal`, failure).catch(() => {});
  process.exit(128);
};

const load = async () => {
  const [, folder, file, member] = /^(.*\/)?([^/.]+)\.(.+)$/.exec(handlerName) ?? [];
  const base = path.join(root, folder ?? '', file ?? '');
  const source = ['.js', '.mjs', '.cjs'].map((extension) => base + extension).find(existsSync);
  if (source === undefined) throw Object.assign(new Error(`Cannot find module '${base}'`), { name: 'Runtime.ImportModuleError' });
  const module = source.endsWith('.mjs') ? await import(pathToFileURL(source).href) : require(source);
  const handler = member.split('.').reduce((value, name) => value?.[name], module);
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${handlerName} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  }
  return handler;
};

const contextOf = (headers) => ({
  awsRequestId: headers['lambda-runtime-aws-request-id'],
  invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
  functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, Number(headers['lambda-runtime-deadline-ms']) - Date.now()),
});

const run = async () => {
  process.on('uncaughtException', die());
  process.on('unhandledRejection', die('Runtime.UnhandledPromiseRejection'));
  let handler;
  try {
    handler = await load();
  } catch (error) {
    await die()(error);
  }
  for (;;) {
    const { headers, body } = await call('GET', 'invocation/next').catch(() => process.exit(0));
    current = headers['lambda-runtime-aws-request-id'];
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
    try {
      const result = await handler(JSON.parse(body), contextOf(headers));
      await call('POST', `invocation/${current}/response`, JSON.stringify(result ?? null), { 'content-type': 'application/json' });
    } catch (error) {
      await report(`invocation/${current}/error`, described(error));
    }
  }
};

void run();
