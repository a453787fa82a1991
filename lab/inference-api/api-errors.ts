/** vLLM's error bodies (metrics §10.2; wording as vLLM 0.10.1). */
export interface ApiError {
  statusCode: number;
  body: unknown;
}

export function badRequest(message: string): ApiError {
  return errorBody(400, 'BadRequestError', message);
}

export function unknownModel(model: string): ApiError {
  return errorBody(404, 'NotFoundError', `The model \`${model}\` does not exist.`);
}

export function promptTooLong(maxModelLen: number, promptTokens: number): ApiError {
  return badRequest(
    `This model's maximum context length is ${maxModelLen} tokens. However, your request has ${promptTokens} input tokens. Please reduce the length of the input messages.`,
  );
}

export function maxTokensTooLarge(maxTokens: number, maxModelLen: number, promptTokens: number): ApiError {
  return badRequest(
    `'max_tokens' or 'max_completion_tokens' is too large: ${maxTokens}. This model's maximum context length is ${maxModelLen} tokens and your request has ${promptTokens} input tokens (${maxTokens} > ${maxModelLen} - ${promptTokens}).`,
  );
}

export interface FieldProblem {
  type: string;
  field: string | number;
  message: string;
  input: unknown;
}

/** Refusal by the request schema: the list of problems as Python prints it. */
export function invalidFields(problems: readonly FieldProblem[]): ApiError {
  const text = problems
    .map(
      ({ type, field, message, input }) =>
        `{'type': ${pythonText(type)}, 'loc': ('body', ${pythonText(field)}), 'msg': ${pythonText(message)}, 'input': ${pythonText(input)}}`,
    )
    .join(', ');
  return errorBody(400, 'Bad Request', `[${text}]`);
}

export const NOT_FOUND: ApiError = { statusCode: 404, body: { detail: 'Not Found' } };
export const METHOD_NOT_ALLOWED: ApiError = { statusCode: 405, body: { detail: 'Method Not Allowed' } };

function errorBody(statusCode: number, type: string, message: string): ApiError {
  return { statusCode, body: { error: { message, type, param: null, code: statusCode } } };
}

/** A JSON value as Python's `repr` writes it. */
function pythonText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
    const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
    return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
  }
  if (Array.isArray(value)) return `[${value.map(pythonText).join(', ')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, item]) => `${pythonText(key)}: ${pythonText(item)}`);
    return `{${entries.join(', ')}}`;
  }
  return String(value);
}
