// wx's toasts, questions and sheets. <dialog> keeps the focus inside, gives it back, and closes on
// Escape.
import { words } from '../language.js';
import { Failure, answer } from './reply.js';

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Shows it and resolves with what `close(value)` was called with; Escape closes with nothing.
function ask(fill, className = '') {
  return new Promise((resolve) => {
    let chosen;
    const dialog = make('dialog', { className });
    fill(dialog, (value) => {
      chosen = value;
      dialog.close();
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(chosen);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function button(text, className, press) {
  const element = make('button', { type: 'button', className, textContent: text });
  element.addEventListener('click', press);
  return element;
}

// What WeChat refuses: then nothing appears on a phone, and what was asked is never answered.
const wordsWidthMax = 8; // a Chinese character counts two
const itemsMax = 6;
const widthOf = (word) => word.replace(/[^\u0000-\u00ff]/g, '..').length;

function checkWords(named) {
  for (const [name, word] of Object.entries(named)) {
    if (widthOf(word) > wordsWidthMax) {
      throw new Failure(`${name} length should not be larger than 4 Chinese characters`);
    }
  }
}

function showModal(options = {}) {
  const { title, content, editable, placeholderText = '', showCancel = true,
    cancelText = words.cancel, confirmText = words.ok, confirmColor, cancelColor } = options;
  return answer('showModal', options, async () => {
    checkWords({ confirmText, cancelText });
    const confirmed = await ask((dialog, close) => {
      const name = title || content || '';
      dialog.setAttribute('aria-label', name);
      if (title) dialog.append(make('h2', { textContent: title }));
      if (content && !editable) dialog.append(make('p', { textContent: content }));
      const field = make('input', { value: content ?? '', placeholder: placeholderText });
      field.setAttribute('aria-label', placeholderText || name);
      const confirm = () => close({ content: editable ? field.value : null });
      field.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' && !event.isComposing) confirm();
      });
      if (editable) dialog.append(field);
      const yes = button(confirmText, 'confirm', confirm);
      const no = button(cancelText, 'cancel', () => close(undefined));
      yes.style.color = confirmColor ?? '';
      no.style.color = cancelColor ?? '';
      dialog.append(make('footer', {}, ...(showCancel ? [no, yes] : [yes])));
      (editable ? field : yes).autofocus = true;
    });
    const confirm = confirmed !== undefined;
    return { confirm, cancel: !confirm, content: confirmed?.content ?? null };
  });
}

function showActionSheet(options = {}) {
  const { itemList = [], itemColor = '', alertText } = options;
  return answer('showActionSheet', options, async () => {
    if (itemList.length < 1 || itemList.length > itemsMax) {
      throw new Failure(`itemList has not 1 to ${itemsMax} items`);
    }
    const tapIndex = await ask((dialog, close) => {
      dialog.setAttribute('aria-label', alertText ?? itemList.join(', '));
      if (alertText) dialog.append(make('p', { textContent: alertText }));
      itemList.forEach((item, at) => {
        const choice = button(item, '', () => close(at));
        choice.style.color = itemColor;
        dialog.append(choice);
      });
      dialog.append(button(words.cancel, 'cancel', () => close(undefined)));
      dialog.addEventListener('click', ({ target }) => target === dialog && close(undefined));
    }, 'sheet');
    if (tapIndex === undefined) throw new Failure('cancel');
    return { tapIndex };
  });
}

function toasts() {
  const place = document.getElementById('toast');
  let timer = 0;
  const hide = () => {
    clearTimeout(timer);
    place.textContent = '';
  };
  const show = ({ title = '', icon, duration }) => {
    hide();
    place.toggleAttribute('data-icon', false);
    if (icon && icon !== 'none') place.dataset.icon = icon;
    place.textContent = title;
    if (duration) timer = setTimeout(hide, duration);
  };
  return {
    showToast: (options = {}) => answer('showToast', options, () =>
      show({ icon: 'success', duration: 1500, ...options })),
    hideToast: (options) => answer('hideToast', options, hide),
    showLoading: (options = {}) => answer('showLoading', options, () =>
      show({ title: options.title, icon: 'loading' })),
    hideLoading: (options) => answer('hideLoading', options, hide),
  };
}

export const dialogApi = () => ({ ...toasts(), showModal, showActionSheet });
