import 'server-only';
import type { ProblemBody } from '@/lib/contracts/problem';

/** Next.js gives every entry its own copy of a class, so `instanceof` does not hold across them; this mark does. */
const MARK = Symbol.for('llm-d-live.http-problem');

/** A refusal with the status it is answered with. Thrown by guards, parsers and the runtime, answered by the handlers. */
export class HttpProblem extends Error {
  readonly [MARK] = true;
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  /** Sent as Retry-After. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, field?: string, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export function isHttpProblem(error: unknown): error is HttpProblem {
  return error instanceof Error && MARK in error;
}

const NO_STORE = { 'Cache-Control': 'no-store' } as const;

export function jsonResponse(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { ...headers, ...NO_STORE } });
}

export function problemResponse(problem: HttpProblem): Response {
  const body: ProblemBody = {
    error: {
      code: problem.code,
      message: problem.message,
      ...(problem.field === undefined ? {} : { field: problem.field }),
    },
  };
  const { retryAfterSeconds } = problem;
  return jsonResponse(
    body,
    problem.status,
    retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) },
  );
}
