/**
 * Characters that steer instead of being read. Controls (C0, DEL, C1) drive terminals: `ESC [31m` colours one that the
 * text is pasted into. Directional embeddings, overrides and isolates make text read otherwise than it is written
 * ("trojan source"). Line feed and tab stay, so do the harmless left-to-right and right-to-left marks.
 */
const STEERING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** C0 controls have pictures of their own from here on: ESC is ␛. */
const CONTROL_PICTURES = 0x2400;
const DELETE_PICTURE = '\u2421';
const REPLACEMENT = '\ufffd';

function toVisible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return code === 0x0d ? '' : String.fromCharCode(CONTROL_PICTURES + code);
  if (code === 0x7f) return DELETE_PICTURE;
  if (code >= 0x202a && code <= 0x2069) return `[U+${code.toString(16).toUpperCase()}]`;
  return REPLACEMENT;
}

/** Text of others with its steering characters made visible: it reads as it is written, and pastes as it reads. */
export function toVisibleCharacters(text: string): string {
  return text.replace(STEERING, toVisible);
}
