import 'server-only';
import { z } from 'zod';
import type { Amounts } from '@/lib/domain/objects/core';
import { parseQuantity } from '@/lib/domain/quantity';

/**
 * Building blocks for reading foreign objects: a field that is missing, null or of the wrong type is `null`
 * (or empty), never an exception, so that one odd object cannot take a whole list down.
 */

export const text = z.string().nullable().catch(null);
export const integer = z.number().nullable().catch(null);
export const flag = z.boolean().catch(false);
export const required = z.string().min(1);
/** A port or other int-or-string, as text. */
export const intOrString = z
  .union([z.string(), z.number().transform(String)])
  .nullable()
  .catch(null);

/** An object whose every field is lenient: anything that is not an object reads as an empty one. */
export function fields<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.preprocess((raw) => (isRecord(raw) ? raw : {}), z.object(shape));
}

/** As `fields`, but tells an absent object from an empty one. */
export function optionalFields<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.object(shape).nullable().catch(null);
}

/** The readable items of an array; others are left out. */
export function list<Schema extends z.ZodType>(item: Schema) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.flatMap((raw): z.output<Schema>[] => {
        const read = item.safeParse(raw);
        return read.success ? [read.data] : [];
      }),
    );
}

export const texts = list(z.string());

export const stringMap = z.preprocess(
  (raw) =>
    isRecord(raw)
      ? Object.fromEntries(Object.entries(raw).filter(([, value]) => typeof value === 'string'))
      : {},
  z.record(z.string(), z.string()),
);

/** Quantities by resource name; those that cannot be read are left out. */
export const amounts = z.preprocess(
  (raw): Amounts => {
    const read: Record<string, number> = {};
    for (const [resource, value] of Object.entries(isRecord(raw) ? raw : {})) {
      const amount = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : null;
      if (amount !== null) read[resource] = amount;
    }
    return read;
  },
  z.record(z.string(), z.number()),
);

/** Whether a field is there at all, whatever it holds. */
export const presence = z.preprocess((raw) => raw !== undefined && raw !== null, z.boolean());

export function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}
