import { holdsSecret } from '../../rules/secrets-in-text';

const long = 'onlyForTests0000000000000000000000000000';

it.each([
  ['an access key', 'aws configure AKIAIOSFODNN7EXAMPLE'],
  ['an access key of a session', '"ASIAIOSFODNN7EXAMPLE"'],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----'],
  ['a password in a URL', 'postgres://shop:only-for-tests@db/shop'],
  ['a token in a URL', 'git clone https://only-for-tests@example.com/team/shop'],
  ['a token of GitHub', `curl -u ghp_${long}`],
  ['a fine-grained one', `github_pat_${long}`],
  ['a token of GitLab', `glpat-${long}`],
  ['a token of Slack', `xoxb-${long}`],
  ['a token of Atlassian', `ATATT3xFfGF0${long}`],
  ['a token of npm', `npm_${long}`],
  ['a web token', `Bearer eyJ${long}.eyJ${long}.${long}`],
  ['a password that is set', 'DB_PASSWORD=only-for-tests'],
  ['a key in JSON', '{"apiKey": "only-for-tests"}'],
  ['a header', 'Authorization: Basic only-for-tests'],
])('%s is a secret', (_, text) => expect(holdsSecret(text)).toBe(true));

it.each([
  ['a script', '#!/bin/bash\nyum install -y nginx\nsystemctl start nginx'],
  ['a URL', 'curl https://example.com/a@b:8080'],
  ['a user of ssh', 'git clone ssh://git@example.com/shop'],
  ['a variable in a URL', 'git clone https://$GIT@example.com/shop'],
  ['what only begins like an access key', 'AKIAIOSFODNN7EXAMPLELONG'],
  ['what only begins like a token', 'npm_config_cache'],
  ['a word for it', 'the password is elsewhere'],
])('%s is none', (_, text) => expect(holdsSecret(text)).toBe(false));
