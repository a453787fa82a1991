/** Kubernetes objects in protobuf, as kubectl's typed commands send them, turned into their JSON form. */
import { MESSAGES } from './protobuf-messages.ts';
import { badRequest, unsupportedMediaType } from './status.ts';

type Value = number | Buffer;

function parseMessage(bytes: Buffer): Map<number, Value[]> {
  const fields = new Map<number, Value[]>();
  let position = 0;
  const varint = (): number => {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = bytes[position++];
      if (byte === undefined) throw badRequest('unexpected EOF in protobuf body');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  };
  while (position < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    const add = (value: Value): void => void fields.set(number, [...(fields.get(number) ?? []), value]);
    switch (key & 7) {
      case 0:
        add(varint());
        break;
      case 1:
        position += 8;
        break;
      case 2: {
        const length = varint();
        if (position + length > bytes.length) throw badRequest('unexpected EOF in protobuf body');
        add(bytes.subarray(position, position + length));
        position += length;
        break;
      }
      case 5:
        position += 4;
        break;
      default:
        throw badRequest('unsupported wire type in protobuf body');
    }
  }
  return fields;
}

const bytesOf = (value: Value | undefined): Buffer => (typeof value === 'object' ? value : Buffer.alloc(0));
const textOf = (value: Value | undefined): string => bytesOf(value).toString('utf8');

function decodeValue(type: string, value: Value): unknown {
  switch (type) {
    case 'text':
      return textOf(value);
    case 'bytes':
      return bytesOf(value).toString('base64');
    case 'int':
      return Number(value);
    case 'flag':
      return value === 1;
    case 'Quantity':
      return textOf(parseMessage(bytesOf(value)).get(1)?.[0]);
    case 'IntOrString': {
      const fields = parseMessage(bytesOf(value));
      return fields.get(1)?.[0] === 1 ? textOf(fields.get(3)?.[0]) : Number(fields.get(2)?.[0] ?? 0);
    }
    default:
      return decodeMessage(type, bytesOf(value));
  }
}

function decodeMap(type: string, entries: Value[]): Record<string, unknown> {
  return Object.fromEntries(
    entries.map((entry) => {
      const fields = parseMessage(bytesOf(entry));
      return [textOf(fields.get(1)?.[0]), decodeValue(type, fields.get(2)?.[0] ?? Buffer.alloc(0))];
    }),
  );
}

/** Go's encoder writes zero values of plain fields; JSON leaves them out. */
function isZero(value: unknown): boolean {
  if (value === '' || value === 0 || value === false) return true;
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}

function decodeMessage(type: string, bytes: Buffer): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [number, values] of parseMessage(bytes)) {
    const [name = '', declared = ''] = (MESSAGES[type]?.[number] ?? '').split(' ');
    const last = values.at(-1);
    if (name === '' || last === undefined) continue;
    if (declared.startsWith('[]'))
      result[name] = values.map((value) => decodeValue(declared.slice(2), value));
    else if (declared.startsWith('map:')) result[name] = decodeMap(declared.slice(4), values);
    else {
      const value = decodeValue(declared.replace('?', ''), last);
      if (declared.endsWith('?') || !isZero(value)) result[name] = value;
    }
  }
  return result;
}

const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/** The object inside Kubernetes' envelope; 415 for kinds that no kubectl command sends this way. */
export function decodeProtobufObject(bytes: Buffer): Record<string, unknown> {
  if (!bytes.subarray(0, 4).equals(MAGIC))
    throw badRequest('provided data does not appear to be a protobuf message');
  const envelope = parseMessage(bytes.subarray(4));
  const typeMeta = parseMessage(bytesOf(envelope.get(1)?.[0]));
  const kind = textOf(typeMeta.get(2)?.[0]);
  if (MESSAGES[kind] === undefined) throw unsupportedMediaType(['application/json', 'application/yaml']);
  return {
    kind,
    apiVersion: textOf(typeMeta.get(1)?.[0]),
    ...decodeMessage(kind, bytesOf(envelope.get(2)?.[0])),
  };
}
