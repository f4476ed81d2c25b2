// Refusals as Tencent words them: a code, a sentence, and the request's id.
import { randomBytes } from 'node:crypto';

export function refusal(errcode, sentence) {
  const rid = [4, 4, 4].map((bytes) => randomBytes(bytes).toString('hex')).join('-');
  return { errcode, errmsg: `${sentence}, rid: ${rid}` };
}

// In characters, as their limits count.
export const lengthOf = (text) => [...text].length;
