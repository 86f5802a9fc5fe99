/** Protocol buffer text format of a message, fields in order of their numbers. */
import type protobuf from 'protobufjs/light.js';

/** Text form, as `tf.io.write_graph(..., as_text=True)` writes it. */
export function textFormat(type: protobuf.Type, message: Readonly<Record<string, unknown>>): string {
  const lines: string[] = [];
  printMessage(type, message, '', lines);
  return `${lines.join('\n')}\n`;
}

function printMessage(
  type: protobuf.Type,
  message: Readonly<Record<string, unknown>>,
  indent: string,
  lines: string[],
): void {
  for (const field of [...type.fieldsArray].sort((a, b) => a.id - b.id)) {
    const value = message[field.name];
    if (value === undefined || value === null) continue;
    field.resolve();
    if ('keyType' in field) {
      const entries = Object.entries(value as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [key, entry] of entries) {
        lines.push(`${indent}${field.name} {`, `${indent}  key: ${quote(Buffer.from(key))}`);
        printField('value', field, entry, `${indent}  `, lines);
        lines.push(`${indent}}`);
      }
      continue;
    }
    const list = field.repeated ? (value as unknown[]) : [value];
    for (const item of list) printField(field.name, field, item, indent, lines);
  }
}

function printField(
  label: string,
  field: protobuf.Field,
  value: unknown,
  indent: string,
  lines: string[],
): void {
  const resolved = field.resolvedType;
  if (resolved !== null && 'fieldsArray' in resolved) {
    lines.push(`${indent}${label} {`);
    printMessage(resolved, value as Record<string, unknown>, `${indent}  `, lines);
    lines.push(`${indent}}`);
    return;
  }
  lines.push(`${indent}${label}: ${scalarText(field, resolved, value)}`);
}

function scalarText(
  field: protobuf.Field,
  resolved: protobuf.Enum | protobuf.Type | null,
  value: unknown,
): string {
  if (resolved !== null && 'valuesById' in resolved) return resolved.valuesById[value as number]!;
  if (field.type === 'bytes') return quote(value as Uint8Array);
  if (field.type === 'string') return quote(Buffer.from(value as string));
  return String(value);
}

/** C-escaped string literal; bytes outside of printable ASCII as three octal digits. */
function quote(bytes: Uint8Array): string {
  const escapes: Record<number, string> = {
    10: '\\n',
    13: '\\r',
    9: '\\t',
    34: '\\"',
    39: "\\'",
    92: '\\\\',
  };
  let text = '';
  for (const byte of bytes) {
    if (escapes[byte] !== undefined) text += escapes[byte];
    else if (byte >= 32 && byte < 127) text += String.fromCharCode(byte);
    else text += `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return `"${text}"`;
}
