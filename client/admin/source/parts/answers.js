// Questions to the server as hooks: what was answered last, whether one is on its way, what went
// wrong. A question that nobody waits for any more is given up.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useSession } from './session.js';

// `ask(signal)`; asked again when one of `keys` changes, and by `again()`.
export function useAnswer(ask, keys) {
  const [state, set] = useState({ busy: true });
  const [turn, next] = useState(0);
  const again = useCallback(() => next((n) => n + 1), []);
  useEffect(() => {
    const over = new AbortController();
    set((old) => ({ ...old, busy: true, error: undefined }));
    ask(over.signal).then((data) => over.signal.aborted || set({ busy: false, data }),
      (error) => over.signal.aborted || set((old) => ({ ...old, busy: false, error })));
    return () => over.abort();
  }, [...keys, turn]);
  return { ...state, again };
}

// `ask(before, signal)` answers { rows, next }. `more()` adds a page, `again()` begins anew, as
// does `quietly()`, which leaves what is there until the answer has come.
export function useList(ask, keys) {
  const [state, set] = useState({ rows: [], busy: true });
  const [turn, next] = useState(0);
  const over = useRef();
  const load = (before, rows, shown = rows) => {
    over.current?.abort();
    const { signal } = over.current = new AbortController();
    set({ rows: shown, next: before, busy: true, isQuiet: shown !== rows });
    ask(before, signal).then((page) => signal.aborted
      || set({ rows: [...rows, ...page.rows], next: page.next, busy: false }))
      .catch((error) => signal.aborted || set({ rows, next: before, busy: false, error }));
  };
  useEffect(() => {
    load(undefined, []);
    return () => over.current.abort();
  }, [...keys, turn]);
  return { ...state, more: () => load(state.next, state.rows), again: () => next((n) => n + 1),
    quietly: () => load(undefined, [], state.rows) };
}

// [busy, act]; `act(run)`: one thing at a time, as `attempt` does it.
export function useAct() {
  const { attempt } = useSession();
  const [busy, set] = useState(false);
  const act = async (run) => {
    if (busy) return false;
    set(true);
    const isDone = await attempt(run);
    set(false);
    return isDone;
  };
  return [busy, act];
}
