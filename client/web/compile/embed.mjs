// Writes the files of a build as C++, for server/pages: a table of string literals.
import { writeFileSync } from 'node:fs';

// Octal escapes have three digits at most, so that whatever follows cannot become part of them.
function literal(bytes) {
  let out = '';
  for (const byte of bytes) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && byte !== 0x3f;
    out += plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return `"${out}"`;
}

const view = (bytes) => (bytes ? `{${literal(bytes)}, ${bytes.length}}` : '{}');

// `set`: whose files they are, which names the function. `served`: path, type, tag and the bytes of
// each form.
export function embed(file, set, served) {
  const rows = served.map(({ path, type, tag, forms }) =>
    `    {"${path}", "${type}", "${tag}",\n     ${view(forms.identity)},\n     ${view(forms.br)},\n`
    + `     ${view(forms.gzip)}},\n`);
  writeFileSync(file, `// Written by client/${set}/build.mjs.
#include "server/pages/asset.hpp"

namespace onechat::pages {
namespace {

constexpr asset assets[] = {
${rows.join('')}};

}  // namespace

std::span<const asset> ${set}_assets() {
    return assets;
}

}  // namespace onechat::pages
`);
}
