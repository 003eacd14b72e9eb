import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { documentedResponses } from './documented-responses';

const root = path.resolve(__dirname, '../..');

describe('the list of tests with made-up answers', () => {
  it('names tests that are there', () => {
    expect(Object.keys(documentedResponses).filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  it('names every test of a rule that does not ask the emulator alone', () => {
    const tests = readdirSync(path.join(root, 'test/rules'), { recursive: true, encoding: 'utf8' }).map((file) => `test/rules/${file}`);
    const madeUp = /mock-client|\bsend\b[^\n]*=> *(\{|Promise|\()|async send[(<]/;
    const unnamed = tests.filter(
      (file) => file.endsWith('.test.ts') && madeUp.test(readFileSync(path.join(root, file), 'utf8')) && !documentedResponses[file],
    );
    expect(unnamed).toEqual([]);
  });
});
