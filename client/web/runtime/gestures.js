// What no single DOM event tells: a long press, a finger that rests on something (hover-class), a
// second tap that finds another page, and buttons that leave the keyboard open.

const longTime = 350; // WeChat's
const slip = 10; // a finger is never quite still

// Tells `target` of a long press; true when somebody listened.
function tellLongPress(target, { clientX, clientY }) {
  return !target.dispatchEvent(new CustomEvent('longpress', {
    bubbles: true, cancelable: true, detail: { point: { clientX, clientY } },
  }));
}

function watchLongPress(stage) {
  let timer = 0;
  let start;
  let swallow = false; // the click that ends a long press is no tap
  const stop = () => {
    clearTimeout(timer);
    timer = 0;
  };
  stage.addEventListener('pointerdown', (event) => {
    stop();
    swallow = false;
    start = event;
    if (event.button !== 0 || !event.isPrimary) return;
    timer = setTimeout(() => {
      timer = 0;
      swallow = tellLongPress(event.target, event);
    }, longTime);
  });
  stage.addEventListener('pointermove', (event) => {
    if (timer && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > slip) {
      stop();
    }
  });
  for (const end of ['pointerup', 'pointercancel']) stage.addEventListener(end, stop);
  // The right button and the menu key ask for the same.
  stage.addEventListener('contextmenu', (event) => {
    const counting = timer !== 0;
    stop();
    if (swallow || tellLongPress(event.target, event)) {
      event.preventDefault();
      swallow ||= counting;
    }
  });
  stage.addEventListener('click', (event) => {
    if (swallow && event.detail !== 0) event.stopPropagation();
    swallow = false;
  }, { capture: true });
}

function watchHover(stage) {
  let held;
  const leave = () => {
    held?.classList.remove(...held.wxHoverClass);
    held = undefined;
  };
  stage.addEventListener('pointerdown', (event) => {
    leave();
    let place = event.target;
    while (place && place !== stage && !place.wxHoverClass) place = place.parentElement;
    if (!place?.wxHoverClass || place.disabled) return;
    held = place;
    held.classList.add(...held.wxHoverClass);
  });
  for (const end of ['pointerup', 'pointercancel', 'pointerleave']) {
    stage.addEventListener(end, leave);
  }
}

// The second of two quick taps is meant for what the first one was on, not for what is there now
// because a page has come in between.
function watchDoubleTaps(stage) {
  let before;
  stage.addEventListener('click', (event) => {
    const page = event.target.closest('page');
    if (event.detail > 1 && page !== before) event.stopPropagation();
    before = page;
  }, { capture: true });
}

// With `hold-keyboard` a tap on 发送 doesn't take the focus from what is being written.
function watchKeyboard(stage) {
  stage.addEventListener('mousedown', (event) => {
    const field = document.activeElement;
    if (field?.wxHoldsKeyboard && event.target.closest('button,[role="button"]')) {
      event.preventDefault();
    }
  });
}

export function watchGestures(stage) {
  watchDoubleTaps(stage);
  watchLongPress(stage);
  watchHover(stage);
  watchKeyboard(stage);
}
