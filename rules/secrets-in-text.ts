/** Whether a text holds what looks like an access key of AWS, a private key, a URL that signs in, a token of a known maker, or a secret that is given a value. */
export const holdsSecret = (text: string): boolean => shapes.test(text) || assignment.test(text);

const shapes = new RegExp(
  [
    /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
    /PRIVATE KEY-----/,
    /:\/\/[^\s/@:]+:[^\s/@]+@/,
    // A token may stand where the name of a user does; a variable is none.
    /https?:\/\/[^\s/@$]+@/,
    /\b(?:gh[opsur]_|github_pat_|glpat-|xox[abeoprs]-|AT[AC]TT3|sk_live_|npm_)[\w-]{16}/,
    /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\./,
  ]
    .map(({ source }) => source)
    .join('|'),
);

const words = 'pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|authorization';
const assignment = new RegExp(`(${words})\\w*["']?\\s*[:=]`, 'i');
