// Writes what a server needs to serve: each file under a name that changes with its bytes, next to
// it the same as .br and .gz, and manifest.json, which says what is served where.
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { embed } from './embed.mjs';

// What a first visit may cost, in bytes of brotli. Images come on top only where a page shows them.
const totalMax = 60_000;

const types = {
  '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.html': 'text/html; charset=utf-8', '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg',
  '.gif': 'image/gif', '.webp': 'image/webp',
};
const suffixes = { identity: '', br: '.br', gzip: '.gz' };
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

// "art/a.svg" -> "/assets/a-0123456789abcdef.svg"
export function assetPath({ name, bytes }) {
  const { name: stem, ext } = path.posix.parse(name);
  return `/assets/${stem}-${hash(bytes)}${ext}`;
}

const brotli = (bytes) => brotliCompressSync(bytes, { params: {
  [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  [constants.BROTLI_PARAM_LGWIN]: 22,
} });

// Empties `out` and fills it, and `cpp` when it is given, for the pages `set`; returns a sentence about the size. Throws
// above the limit.
export function write(out, { set, page, assets, compressed, cpp }) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(path.join(out, 'assets'), { recursive: true });
  const places = new Map(assets.map((asset) => [asset.name, assetPath(asset)]));
  const html = page.replace(/\{\{(.+?)\}\}/g, (_, name) => places.get(name) ?? '')
    .replace(/>\s+</g, '><').trim();
  const served = [{ place: '/', file: 'index.html', bytes: Buffer.from(`${html}\n`) }];
  for (const asset of assets) {
    const place = places.get(asset.name);
    if (!served.some((other) => other.place === place)) {
      served.push({ place, file: place.slice(1), bytes: asset.bytes });
    }
  }

  let total = 0;
  const manifest = [];
  const embedded = [];
  for (const { place, file, bytes } of served) {
    const forms = { identity: bytes };
    if (compressed) {
      const packed = brotli(bytes);
      total += Math.min(packed.length, bytes.length);
      if (packed.length < bytes.length) forms.br = packed;
      const zipped = gzipSync(bytes, { level: 9 });
      if (zipped.length < bytes.length) forms.gzip = zipped;
    }
    const names = Object.entries(forms).map(([coding, packed]) => {
      writeFileSync(path.join(out, file + suffixes[coding]), packed);
      return [coding, file + suffixes[coding]];
    });
    const entry = { path: place, type: types[path.extname(file)], tag: hash(bytes) };
    manifest.push({ ...entry, forms: Object.fromEntries(names) });
    embedded.push({ ...entry, forms });
  }
  writeFileSync(path.join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
  if (cpp) embed(cpp, set, embedded);
  if (!compressed) return `${served.length} files, not compressed`;
  const sentence = `${served.length} files, ${total} bytes of brotli; ${totalMax} are allowed`;
  if (total > totalMax) throw new Error(sentence);
  return sentence;
}
