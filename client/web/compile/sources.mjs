// A mini program as it lies in its folder.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const imageKinds = /\.(svg|png|jpe?g|gif|webp)$/;

export class MiniProgram {
  constructor(root) {
    this.root = root;
    this.app = this.json('app.json');
    this.theme = this.app.themeLocation ? this.json(this.app.themeLocation) : {};
  }

  file(name) {
    return path.join(this.root, name);
  }

  read(name) {
    return readFileSync(this.file(name), 'utf8');
  }

  has(name) {
    return existsSync(this.file(name));
  }

  json(name) {
    try {
      return JSON.parse(this.read(name));
    } catch (error) {
      throw new Error(`${name}: ${error.message}`);
    }
  }

  // What a page's .json says. Components of one's own would need a second way to show things, and
  // <template> does what our pages need.
  config(page) {
    const config = this.has(`${page}.json`) ? this.json(`${page}.json`) : {};
    if (Object.keys({ ...this.app.usingComponents, ...config.usingComponents }).length > 0) {
      throw new Error(`${page}.json: usingComponents is not known here; take <template>`);
    }
    return config;
  }

  // Every image of the folder, since scripts may choose among them by name.
  images() {
    const found = [];
    const walk = (folder) => {
      for (const entry of readdirSync(this.file(folder), { withFileTypes: true })) {
        const name = path.posix.join(folder, entry.name);
        if (entry.isDirectory() && entry.name !== 'node_modules') walk(name);
        else if (imageKinds.test(name)) found.push({ name, bytes: readFileSync(this.file(name)) });
      }
    };
    walk('.');
    return found.sort((one, other) => (one.name < other.name ? -1 : 1));
  }
}

// A path as WXML and WXSS write it, seen from the file that names it.
export function resolve(target, from) {
  return target.startsWith('/') ? target.slice(1)
    : path.posix.join(path.posix.dirname(from), target);
}
