/** Whether a text appears to contain an AWS access key, a private key, a URL with credentials, a token in a well-known format, or an assignment to a secret. */
export const holdsSecret = (text: string): boolean => shapes.test(text) || assignment.test(text);

const shapes = new RegExp(
  [
    /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
    /PRIVATE KEY-----/,
    /:\/\/[^\s/@:]+:[^\s/@]+@/,
    // The user name may be a token; a variable is not one.
    /https?:\/\/[^\s/@$]+@/,
    /\b(?:gh[opsur]_|github_pat_|glpat-|xox[abeoprs]-|AT[AC]TT3|sk_live_|npm_)[\w-]{16}/,
    /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\./,
  ]
    .map(({ source }) => source)
    .join('|'),
);

const words = 'pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|authorization';
const assignment = new RegExp(`(${words})\\w*["']?\\s*[:=]`, 'i');
