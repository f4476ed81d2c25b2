// A page's data: paths as setData writes them, copies, and which paths have changed.

// "rows[3].name" -> ["rows", 3, "name"]
export function parsePath(text) {
  const path = [];
  for (const [, index, name] of text.matchAll(/\[(\d+)\]|([^.[\]]+)/g)) {
    path.push(index === undefined ? name : Number(index));
  }
  return path;
}

// What a page hands over is no longer its own, as if it had gone to another process.
export function copy(value) {
  if (Array.isArray(value)) return value.map(copy);
  if (value && typeof value === 'object' && !(value instanceof Date)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copy(inner)]));
  }
  return value;
}

// Writes a value at a path and notes in `changes` that it is new.
export function assign(data, changes, path, value) {
  let place = data;
  let noted = changes;
  path.forEach((name, at) => {
    const last = at === path.length - 1;
    if (last) {
      place[name] = copy(value);
    } else if (typeof place[name] !== 'object' || place[name] === null) {
      place[name] = typeof path[at + 1] === 'number' ? [] : {};
    }
    place = place[name];
    if (noted === undefined || noted[name] === true) noted = undefined;
    else if (last) noted[name] = true;
    else noted = noted[name] ??= {};
  });
}
