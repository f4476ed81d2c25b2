// A chat of many texts, made by two who have no browser. Returns the first one's token.
import { couple } from '../../../end_to_end/support/person.mjs';

const together = 50; // 64 may be on their way

export async function longRecord(url, texts) {
  const [one, two] = await couple(url);
  for (let from = 0; from < texts.length; from += together) {
    const part = texts.slice(from, from + together);
    await Promise.all(part.map((text, at) => (at % 2 ? one : two).text(text)));
  }
  return { token: one.token, partner: two };
}
