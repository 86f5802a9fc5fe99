/** Fields of a line as bytes, with quotes as in RFC 4180. */

const [TAB, LINE_FEED, RETURN, BLANK, QUOTE, COMMA] = [9, 10, 13, 32, 34, 44];

/**
 * Where the field that begins at `start` ends: the position of its comma or line feed; 0 where its quotes do not close in the
 * line, or something stands behind them.
 */
export function fieldEnd(bytes: Uint8Array, start: number): number {
  let position = start;
  if (bytes[start] !== QUOTE) {
    for (let byte = bytes[position]; byte !== COMMA && byte !== LINE_FEED;) byte = bytes[++position];
    return position;
  }
  position = closingQuote(bytes, start);
  if (position === 0) return 0;
  do position++;
  while (isBlank(bytes[position]));
  return bytes[position] === COMMA || bytes[position] === LINE_FEED ? position : 0;
}

/** First byte of what is in a field, behind its quote. */
export function contentStart(bytes: Uint8Array, start: number): number {
  return bytes[start] === QUOTE ? start + 1 : start;
}

/** Behind the last byte of what is in the field [start, end), before its closing quote or carriage return. */
export function contentEnd(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== QUOTE) {
    return end > start && bytes[end] === LINE_FEED && bytes[end - 1] === RETURN ? end - 1 : end;
  }
  let position = end - 1;
  while (bytes[position] !== QUOTE) position--;
  return position;
}

/** The text in the field [start, end), without quotes and blanks around it. */
export function fieldText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', contentStart(bytes, start), contentEnd(bytes, start, end));
  return (bytes[start] === QUOTE ? text.replaceAll('""', '"') : text).trim();
}

/** Two quotes within a text stand for one. */
function closingQuote(bytes: Uint8Array, open: number): number {
  for (let position = open + 1; bytes[position] !== LINE_FEED; position++) {
    if (bytes[position] !== QUOTE) continue;
    if (bytes[position + 1] !== QUOTE) return position;
    position++;
  }
  return 0;
}

const isBlank = (byte: number) => byte === BLANK || byte === TAB || byte === RETURN;
