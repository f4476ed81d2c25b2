// Where in the page somebody is, as the part of the address behind #. Only names and numbers of
// ours stand there: what is searched for and why something is read never gets into an address.
const places = ['reports', 'flags', 'users', 'audit', 'backups', 'tokens'];
const single = { reports: 'report', users: 'user', pairs: 'pair' };

// { name, id, seq }; `seq` is of one event in a record. What names no place is `unknown`.
export function placeOf(hash) {
  const path = hash.replace(/^#?\/?/, '');
  if (path === '') return { name: 'overview' };
  const [, folder, id, seq] =
    /^([a-z]+)(?:\/([1-9]\d{0,17}))?(?:\/([1-9]\d{0,14}))?$/.exec(path) ?? [];
  if (id && !seq && Object.hasOwn(single, folder)) return { name: single[folder], id };
  if (seq && folder === 'pairs') return { name: 'pair', id, seq };
  return !id && places.includes(folder) ? { name: folder } : { name: 'unknown' };
}

export function addressOf(name, id, seq) {
  if (name === 'overview') return '#/';
  const folder = Object.keys(single).find((key) => single[key] === name);
  if (!folder) return `#/${name}`;
  return seq ? `#/${folder}/${id}/${seq}` : `#/${folder}/${id}`;
}

// "pair 5 event 7" of an audit row -> { name: 'pair', id: '5', seq: '7' }; nothing when there is no
// page for it.
export function subjectOf(target) {
  const [, name, id, seq] =
    /^(user|pair|report) ([1-9]\d{0,17})(?: event ([1-9]\d{0,14}))?$/.exec(target) ?? [];
  return name && { name, id, seq };
}
