// What a tab can do that a mini program can't: say that a text came while nobody looked. Beyond
// WeChat's interface; pages ask first whether the functions are there.
import { countUnread } from '../page.js';

const soundKey = 'web-sound';

// Two soft notes; browsers let a page sound only after it was touched.
function beep(audio) {
  const begin = audio.currentTime;
  for (const [at, pitch] of [[0, 660], [0.12, 880]]) {
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.08, begin + at);
    loudness.gain.exponentialRampToValueAtTime(0.001, begin + at + 0.25);
    tone.connect(loudness).connect(audio.destination);
    tone.start(begin + at);
    tone.stop(begin + at + 0.25);
  }
}

export function attentionApi(storage) {
  let unread = 0;
  let audio;
  const wantsSound = () => storage.getStorageSync(soundKey) === true;
  for (const touch of ['pointerdown', 'keydown']) {
    window.addEventListener(touch, () => {
      if (!wantsSound()) return;
      audio ??= new AudioContext();
      audio.resume();
    }, { capture: true });
  }
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) countUnread(unread = 0);
  });
  return {
    // A text came. Nothing happens in a tab that can be seen.
    onechatNotify() {
      if (!document.hidden) return;
      countUnread(++unread);
      if (audio?.state === 'running' && wantsSound()) beep(audio);
    },
    // Whether it sounds; with an argument, from now on.
    onechatSound(on) {
      if (on !== undefined) storage.setStorageSync(soundKey, on === true);
      return wantsSound();
    },
  };
}
