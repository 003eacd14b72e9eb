import { AwsError } from '../error';

/** The words of an expression, read one by one. */
export class Tokens {
  private readonly words: readonly string[];
  private next = 0;

  constructor(private readonly text: string) {
    this.words = [...text.matchAll(/<>|<=|>=|[=<>(),+\-.[\]]|[:#]?[A-Za-z_0-9]+|\S/g)].map(([word]) => word);
  }

  get isAtEnd(): boolean {
    return this.next >= this.words.length;
  }

  peek(ahead = 0): string {
    return this.words[this.next + ahead] ?? '';
  }

  /** Whether the next word is this one, in upper or lower case; then it is read. */
  accept(word: string): boolean {
    if (this.peek().toUpperCase() !== word) return false;
    this.next += 1;
    return true;
  }

  expect(word: string): void {
    if (!this.accept(word)) this.fail();
  }

  take(): string {
    if (this.isAtEnd) this.fail();
    this.next += 1;
    return this.words[this.next - 1] ?? '';
  }

  fail(): never {
    throw new AwsError('ValidationException', `Invalid expression: Syntax error; token: "${this.peek()}", near: "${this.text}"`);
  }
}
