/** Whether a text holds what looks like an access key of AWS, a private key, a URL with a password, or a secret that is given a value. */
export const holdsSecret = (text: string): boolean =>
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b|PRIVATE KEY-----|:\/\/[^\s/@:]+:[^\s/@]+@/.test(text) ||
  new RegExp(`(${words})\\w*["']?\\s*[:=]`, 'i').test(text);

/** Whether something of this name is likely to be a secret. */
export const namesSecret = (name: string): boolean => new RegExp(words, 'i').test(name);

const words = 'pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|authorization';
