// The notices of what ends up in a bundle, as their licences ask.
import { readFileSync } from 'node:fs';
import path from 'node:path';

// `shipped`: names of modules that lie in `here`/node_modules.
export function licences(here, shipped) {
  const notices = shipped.map((name) => {
    const folder = path.join(here, 'node_modules', name);
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return `${name} ${version}\n\n${readFileSync(path.join(folder, 'LICENSE'), 'utf8').trim()}\n`;
  });
  return Buffer.from(`These pages contain:\n\n${notices.join('\n\n')}`);
}
