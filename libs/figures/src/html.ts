import { withLoweredUnits } from './figure.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that shows as itself in HTML, also inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => entities[letter]!);
}

/** The same with the unit MIP_T as it is set: its T below the line. */
export function proseHtml(text: string): string {
  return withLoweredUnits(escapeHtml(text));
}

/** JSON that cannot end the script element it stands in. Values that are not finite become `null`. */
export function embeddedJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** JavaScript that cannot end the script element it stands in: `</script` appears there only inside strings. */
export function embeddedScript(source: string): string {
  return source.replace(/<(\/script|!--)/gi, '\\x3c$1');
}
