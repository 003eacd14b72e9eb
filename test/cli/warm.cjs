// Runs the command line again and again in one process, with the modules loaded once: the arguments, the environment and the answer go by message.
const path = require('node:path');

require('tsx/cjs');
const { main } = require(path.resolve(__dirname, '../../functions/cli/main.ts'));

const capture = (stream) => {
  let said = '';
  const write = stream.write;
  stream.write = (chunk) => {
    said += chunk;
    return true;
  };
  return () => {
    stream.write = write;
    stream.removeAllListeners('error');
    return said;
  };
};

process.on('message', async ({ args, env }) => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.exitCode = 0;
  // In a terminal of that width.
  for (const stream of [process.stdout, process.stderr])
    Object.assign(stream, { isTTY: env.COLUMNS !== undefined, columns: Number(env.COLUMNS) });
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  await main([process.execPath, 'posture', ...args]);
  process.send({ code: process.exitCode, stdout: stdout(), stderr: stderr() });
});
