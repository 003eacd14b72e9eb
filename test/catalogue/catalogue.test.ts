import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadRules } from '../../functions/catalogue/catalogue';

const build = path.resolve(__dirname, '../../build');
mkdirSync(build, { recursive: true });
const folder = mkdtempSync(path.join(build, 'catalogue-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder of rules that holds these files. */
function rulesOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(path.join(folder, 'rules-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

const ruleNamed = (id: string, more = '') => `export default { id: '${id}', inspect() {}, plan() {}, ${more} };`;

describe('the catalogue', () => {
  it('holds each file one level below rules, sorted by id, and no other', () => {
    const rules = path.resolve(__dirname, '../../rules');
    const files = readdirSync(rules, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => readdirSync(path.join(rules, name)).filter((file) => file.endsWith('.ts')))
      .toSorted();
    const catalogue = loadRules();
    expect(catalogue.map(({ file }) => path.basename(file)).toSorted()).toEqual(files);
    expect(catalogue.map(({ rule }) => rule.id)).toEqual(catalogue.map(({ rule }) => rule.id).toSorted());
    expect(catalogue.map(({ rule }) => rule.id)).toContain('s3-bucket-versioning-enabled');
  });

  it('marks the own part only of rules that can revert it', () => {
    const marked = loadRules().filter(({ rule }) => rule.marksOwnPart);
    expect(marked.length).toBeGreaterThan(0);
    expect(marked.filter(({ rule }) => rule.revertOwnPart === undefined).map(({ rule }) => rule.id)).toEqual([]);
  });

  it('leaves out the contract and what rules share', () => {
    const root = rulesOf({
      'rule.ts': 'export const contract = 1;',
      'sqs/queue-encrypted.ts': ruleNamed('sqs-queue-encrypted'),
      'sqs/queue/resource.ts': 'export const queue = 1;',
      'sns/topic-encrypted.ts': ruleNamed('sns-topic-encrypted'),
      'sns/README.md': 'Not a rule.',
    });
    expect(loadRules(root)).toEqual([
      { rule: expect.objectContaining({ id: 'sns-topic-encrypted' }), service: 'sns', file: path.join(root, 'sns/topic-encrypted.ts') },
      { rule: expect.objectContaining({ id: 'sqs-queue-encrypted' }), service: 'sqs', file: path.join(root, 'sqs/queue-encrypted.ts') },
    ]);
  });

  it.each([
    ['that exports no rule', 'sqs/queue-encrypted.ts', 'export const rule = 1;', 'is not a rule'],
    ['whose id is not its path', 'sqs/queue-encrypted.ts', ruleNamed('sqs-queue-open'), 'must be sqs-queue-encrypted, as in its path'],
    ['whose id is too long', `sqs/queue-${'x'.repeat(36)}.ts`, ruleNamed(`sqs-queue-${'x'.repeat(36)}`), 'at most 45'],
    ['whose id is one word', 'sqs/Queue.ts', ruleNamed('sqs-Queue'), 'is invalid: at most 45 lowercase letters'],
    [
      'with a text to be written',
      'sqs/queue-new.ts',
      ruleNamed('sqs-queue-new', "why: 'WHAT CAN HAPPEN OTHERWISE.'"),
      'why is "WHAT CAN HAPPEN',
    ],
    ['with a control to be named', 'sqs/queue-new.ts', ruleNamed('sqs-queue-new', "detectedBy: { securityHub: ['SQS.0'] }"), 'names SQS.0'],
    [
      'with a resource to be named',
      'sqs/queue-new.ts',
      ruleNamed('sqs-queue-new', "resource: { type: 'AWS::SQS::THING', arn: '' }"),
      'AWS::SQS::THING',
    ],
    [
      'with an action to be named',
      'sqs/queue-new.ts',
      ruleNamed('sqs-queue-new', "permissions: { change: { actions: ['sqs:SetTHING'] } }"),
      'permissions has sqs:SetTHING',
    ],
    ['with a command that the client lacks', 'sqs/queue-new.ts', ruleNamed('sqs-queue-new', 'commands: [undefined]'), 'does not export'],
    ['whose client is not installed', 'glue/job-new.ts', "import '@aws-sdk/client-glue';", 'npm install --save-exact @aws-sdk/client-glue'],
    ['of a service with a hyphen', 'sqs-queue/encrypted.ts', ruleNamed('sqs-queue-encrypted'), 'is not a valid folder name for a service'],
  ])('refuses a file %s', (_name, file, text, message) => {
    const root = rulesOf({ [file]: text });
    expect(() => loadRules(root)).toThrow(message);
    expect(() => loadRules(root)).toThrow(root);
  });
});
