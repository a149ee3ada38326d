// Lets plain Node load the TypeScript sources: a test database is migrated from what is written, not from what was built.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

const root = join(__dirname, '..', '..');
const config = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
delete config.$schema;

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    ...config,
    jsc: { ...config.jsc, baseUrl: root },
    sourceMaps: 'inline',
    swcrc: false,
    filename,
  });
  module._compile(code, filename);
};
