// The signs of the sections, drawn here: nothing is fetched from elsewhere.
import { html } from './html.js';

const lines = {
  overview: 'M3 17l5-6 4 3 5-8M3 21h18',
  reports: 'M5 21V4h12l-2.5 4L17 12H5',
  users: 'M12 11a4 4 0 100-8 4 4 0 000 8zM4 21c0-4.5 3.5-7 8-7s8 2.5 8 7',
  audit: 'M6 3h9l4 4v14H6zM9.5 11h6M9.5 15h6',
  tokens: 'M8 15a4 4 0 110-8 4 4 0 010 8zM12 11h9v4M17 11v3',
  flags: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  backups: 'M4 6c0-4 16-4 16 0s-16 4-16 0v12c0 4 16 4 16 0V6M4 12c0 4 16 4 16 0',
};

export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d=${lines[name]} /></svg>`;
}
