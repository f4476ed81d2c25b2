// A reason as the API takes it: 3 to 500 code points, one line.
export const reasonMax = 500;
const reasonMin = 3;

// What is sent, or nothing when it is none.
export function reasonIn(text) {
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  const { length } = [...line];
  return length < reasonMin || length > reasonMax ? undefined : line;
}
