import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startMoto } from './moto';
import { findPython } from './python';

const folder = mkdtempSync(path.join(tmpdir(), 'moto-'));
afterAll(() => rmSync(folder, { recursive: true }));

const answers = (url: string) =>
  fetch(`${url}/moto-api/data.json`).then(
    ({ ok }) => ok,
    () => false,
  );

const until = async (condition: () => Promise<boolean>) => {
  for (let tries = 0; tries < 600; tries++) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
};

const program = (name: string, source: string) => {
  const file = path.join(folder, name);
  writeFileSync(file, source, { mode: 0o755 });
  return file;
};

describe('moto', () => {
  it('starts, tells its version, and stops', async () => {
    const moto = await startMoto();
    expect(moto.version).toMatch(/^5\./);
    expect(await answers(moto.url)).toBe(true);
    await moto.stop();
    expect(await answers(moto.url)).toBe(false);
  });

  it('gives out the same ids after the same seed', async () => {
    const made = async () => {
      const moto = await startMoto({ seed: 7 });
      const headers = {
        authorization: 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x',
      };
      const body = new URLSearchParams({ Action: 'CreateUser', UserName: 'somebody', Version: '2010-05-08' });
      const answer = await (await fetch(moto.url, { method: 'POST', headers, body })).text();
      await moto.stop();
      return /<UserId>([^<]+)</.exec(answer)?.[1];
    };
    const [first, second] = [await made(), await made()];
    expect(first).toMatch(/^\w{10,}$/);
    expect(second).toBe(first);
  });

  it('ends with the process that started it, even if that is killed', async () => {
    const script = `require('tsx/cjs'); require(${JSON.stringify(path.join(__dirname, 'moto.ts'))}).startMoto().then(({ url }) => { console.log(url); setInterval(() => {}, 1000); });`;
    const parent = spawn(process.execPath, ['-e', script], { cwd: path.resolve(__dirname, '../..'), stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise<string>((resolve) => parent.stdout.once('data', (chunk) => resolve(String(chunk).trim())));
    expect(await answers(url)).toBe(true);
    parent.kill('SIGKILL');
    expect(await until(async () => !(await answers(url)))).toBe(true);
  });

  it('does not keep the process alive that started it', async () => {
    const script = `require('tsx/cjs'); require(${JSON.stringify(path.join(__dirname, 'moto.ts'))}).startMoto().then(({ url }) => console.log(url));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
      cwd: path.resolve(__dirname, '../..'),
      timeout: 120_000,
    });
    expect(stdout.trim()).toMatch(/^http:/);
  });
});

describe('the Python that serves it', () => {
  it('has to be there', async () => {
    await expect(findPython({ candidates: ['no-python-of-this-name'], venv: path.join(folder, 'none') })).rejects.toThrow(
      'needs Python 3.9 or later, and none of no-python-of-this-name is one. Install Python 3',
    );
  });

  it('is not an older one', async () => {
    const old = program('old', '#!/bin/sh\nexit 1\n');
    await expect(findPython({ candidates: [old], venv: path.join(folder, 'none') })).rejects.toThrow('needs Python 3.9');
  });

  it('makes a virtual environment where none has moto, and says why if it cannot', async () => {
    const lines: string[] = [];
    const bare = program(
      'bare',
      '#!/bin/sh\ncase "$*" in *version_info*) exit 0;; *venv*) echo "ensurepip is not available" >&2; exit 1;; *) exit 1;; esac\n',
    );
    const venv = path.join(folder, 'venv');
    const found = findPython({ candidates: [bare], venv, progress: (line) => lines.push(line) });
    await expect(found).rejects.toThrow(/can't make a virtual environment at .*venv:\nensurepip is not available\n.*python3-venv/);
    expect(lines[0]).toBe(
      `No Python with moto 5 found: installing moto[server]==5.2.1, botocore==1.43.11, and cfn-lint==1.51.0 into ${venv}`,
    );
  });

  it('says why pip cannot install', async () => {
    const bare = program(
      'no-network',
      `#!/bin/sh\ncase "$*" in *version_info*) exit 0;; "-m venv"*) mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; exit 0;; "-m pip"*) echo "No matching distribution"; exit 1;; *) exit 1;; esac\n`,
    );
    const venv = path.join(folder, 'venv2');
    await expect(findPython({ candidates: [bare], venv })).rejects.toThrow(
      /pip can't install moto\[server\]==5\.2\.1, botocore==1\.43\.11, and cfn-lint==1\.51\.0 into .*venv2:\nNo matching distribution\nCheck the network/,
    );
  });
});
