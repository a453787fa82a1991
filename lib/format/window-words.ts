/** `5m` → `5 min`, `1h` → `1 h`: a window as one says it. */
export function formatWindow(window: string): string {
  return window.replace(/^(\d+)m$/, '$1\u00a0min').replace(/^(\d+)h$/, '$1\u00a0h');
}
