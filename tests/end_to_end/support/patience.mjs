// How long a test waits for what must come. A sanitizer takes its time and keeps what was freed, so
// figures of time and memory are not asked of what it is built into.
export const isSanitized = process.env.ONECHAT_SANITIZED === '1';
export const patience = isSanitized ? 30_000 : 5000; // ms
