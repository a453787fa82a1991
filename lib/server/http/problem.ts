import 'server-only';
import type { ProblemBody } from '@/lib/contracts/problem';

/** A refusal with the status it is answered with. Thrown by guards and parsers, answered by `respond`. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;

  constructor(status: number, code: string, message: string, field?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

const NO_STORE = { 'Cache-Control': 'no-store' } as const;

export function jsonResponse(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: NO_STORE });
}

export function problemResponse(problem: HttpProblem): Response {
  const body: ProblemBody = {
    error: {
      code: problem.code,
      message: problem.message,
      ...(problem.field === undefined ? {} : { field: problem.field }),
    },
  };
  return jsonResponse(body, problem.status);
}
