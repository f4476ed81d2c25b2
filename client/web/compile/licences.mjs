// The notices of what ends up in the bundle, as their licences ask.
import { readFileSync } from 'node:fs';
import path from 'node:path';

// The compiler writes some of its own text into what it compiles.
const shipped = ['glass-easel-template-compiler'];

export function licences(here) {
  const notices = shipped.map((name) => {
    const folder = path.join(here, 'node_modules', name);
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return `${name} ${version}\n\n${readFileSync(path.join(folder, 'LICENSE'), 'utf8').trim()}\n`;
  });
  return Buffer.from(`This web client contains:\n\n${notices.join('\n\n')}`);
}
