/**
 * The model a URI leads to, whatever its packaging and precision: both arms of the demo serve the same weights, and
 * an INT4 and a BF16 build of one model are the same base model. `null` where the URI names none.
 */
export function baseModelOf(uri: string | null): string | null {
  if (uri === null) return null;
  const last = uri
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .split('/')
    .at(-1);
  if (last === undefined || last === '') return null;
  const name = last
    .replace(/(?<!^)[:@].*$/, '')
    .replace(/^modelcar-/, '')
    .replace(/[-.](?:quantized.*|w\d+a\d+.*|fp8.*|int[48].*|bf16|fp16|awq.*|gptq.*)$/i, '');
  return name === '' ? null : name.toLowerCase();
}
