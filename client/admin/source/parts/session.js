// What every part of the page works with:
// - api, role, later, live: of whoever has come in; `shelf` keeps what a list was asked for while
//   one of its entries is looked at, and goes with the token;
// - t, lang: what is said, and how;
// - say(text, { undo }), attempt(run): tells what was done; tells what was refused, and whether so.
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

export const Session = createContext(null);
export const useSession = () => useContext(Session);

// As useState, and still there when one comes back to the place.
export function useShelf(name, first) {
  const { shelf } = useSession();
  const [value, set] = useState(shelf[name] ?? first);
  return [value, (next) => {
    shelf[name] = next;
    set(next);
  }];
}

// Draws again after each look at the server.
export function useLive() {
  const { live } = useSession();
  const [, count] = useState(0);
  useEffect(() => live.listen(() => count((n) => n + 1)), [live]);
  return live;
}
