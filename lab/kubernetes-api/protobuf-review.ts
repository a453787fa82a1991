/**
 * The few protobuf messages that kubectl insists on sending (`auth can-i` and `auth whoami`): the Kubernetes envelope
 * around SelfSubjectAccessReview, SelfSubjectRulesReview and SelfSubjectReview.
 */
import { badRequest } from './status.ts';

type Fields = Map<number, Buffer[]>;

function parseMessage(bytes: Buffer): Fields {
  const fields: Fields = new Map();
  let position = 0;
  const varint = (): number => {
    let value = 0;
    let shift = 1;
    for (;;) {
      const byte = bytes[position++];
      if (byte === undefined) throw badRequest('unexpected EOF in protobuf body');
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
      shift *= 128;
    }
  };
  while (position < bytes.length) {
    const key = varint();
    const wireType = key & 7;
    if (wireType === 0) varint();
    else if (wireType === 2) {
      const length = varint();
      const field = key >>> 3;
      fields.set(field, [...(fields.get(field) ?? []), bytes.subarray(position, position + length)]);
      position += length;
    } else throw badRequest('unsupported wire type in protobuf body');
  }
  return fields;
}

const first = (fields: Fields, field: number): Buffer | undefined => fields.get(field)?.[0];
const text = (fields: Fields, field: number): string => first(fields, field)?.toString('utf8') ?? '';

const ENVELOPE_MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/** The review as its JSON form. Field numbers are those of k8s.io/api's generated.proto. */
export function decodeProtobufReview(bytes: Buffer): Record<string, unknown> {
  if (!bytes.subarray(0, 4).equals(ENVELOPE_MAGIC))
    throw badRequest('provided data does not appear to be a protobuf message');
  const envelope = parseMessage(bytes.subarray(4));
  const typeMeta = parseMessage(first(envelope, 1) ?? Buffer.alloc(0));
  const kind = text(typeMeta, 2);
  const spec = parseMessage(first(parseMessage(first(envelope, 2) ?? Buffer.alloc(0)), 2) ?? Buffer.alloc(0));
  const base = { kind, apiVersion: text(typeMeta, 1) };
  if (kind === 'SelfSubjectRulesReview') return { ...base, spec: { namespace: text(spec, 1) } };
  if (kind !== 'SelfSubjectAccessReview') return base;
  const resource = first(spec, 1);
  const path = first(spec, 2);
  return {
    ...base,
    spec: {
      ...(resource === undefined ? {} : { resourceAttributes: resourceAttributes(parseMessage(resource)) }),
      ...(path === undefined
        ? {}
        : {
            nonResourceAttributes: { path: text(parseMessage(path), 1), verb: text(parseMessage(path), 2) },
          }),
    },
  };
}

function resourceAttributes(fields: Fields): Record<string, string> {
  const names = ['namespace', 'verb', 'group', 'version', 'resource', 'subresource', 'name'];
  return Object.fromEntries(
    names.map((name, index) => [name, text(fields, index + 1)] as const).filter(([, value]) => value !== ''),
  );
}
