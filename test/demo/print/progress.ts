/** Shows the work that comes before the first pass. */
export interface Progress {
  /** Work that takes a while begins. */
  doing(what: string): void;
  /** Detail of that work, such as a line of an installation. */
  detail(line: string): void;
}
