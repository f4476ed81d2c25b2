// How functions of wx answer: by success, fail and complete, or as a promise when none is given.

export class Failure extends Error {
  constructor(why, more = {}) {
    super(why);
    this.more = more;
  }
}

// `work` returns or resolves with what the answer holds besides errMsg; to throw is to fail.
export function answer(name, options, work = () => ({})) {
  const { success, fail, complete } = options ?? {};
  const result = new Promise((resolve) => resolve(work())).then(
    (value) => ({ errMsg: `${name}:ok`, ...value }),
    (error) => {
      throw { errMsg: `${name}:fail ${error.message}`, ...error.more };
    },
  );
  if (!success && !fail && !complete) return result;
  result.then(
    (value) => {
      success?.(value);
      complete?.(value);
    },
    (error) => {
      fail?.(error);
      complete?.(error);
    },
  );
  return undefined;
}
