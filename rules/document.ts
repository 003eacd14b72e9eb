import { createHash } from 'node:crypto';

/** No host has such a name (RFC 2606): a command that were sent with the placeholder would read nothing. */
const place = 'https://posture-document.invalid/';

/** What the input of a command has in the place of the URL of its document. It names the content, so that whoever approves the command approves the content. */
export const placeholderOf = (document: string): string => `${place}${createHash('sha256').update(document).digest('hex')}`;
