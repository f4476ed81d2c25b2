// Takes the tricks out of what strangers wrote, for those who have to read it. What turns the
// direction of writing or is a control character is named instead of obeyed; everything else stays
// as it is, since it is evidence.
const controls = '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f';
const turns = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff';
const tricks = new RegExp(`[${controls}${turns}]`, 'g');

// "a\u202eb" -> ['a', { code: 'U+202E' }, 'b']
export function pieces(text) {
  const found = [];
  let from = 0;
  for (const { 0: trick, index } of text.matchAll(tricks)) {
    if (index > from) found.push(text.slice(from, index));
    const code = trick.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    found.push({ code: `U+${code}` });
    from = index + 1;
  }
  if (from < text.length) found.push(text.slice(from));
  return found;
}
