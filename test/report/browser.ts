import { existsSync } from 'node:fs';

/** Chromium as Debian, Homebrew and Google install it; undefined where there is none. */
export function findChromium(): string | undefined {
  const candidates = [
    process.env.POSTURE_CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  return candidates.find((file) => file !== undefined && file !== '' && existsSync(file));
}
