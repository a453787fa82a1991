import type { ServerResponse } from 'node:http';
import { formatTimeSeconds, formatValue } from './number-format.ts';
import type { QueryData } from './query-engine.ts';

/** JSON text of a result: sample values have their own spelling, so it is written by hand. */
export function queryDataJson(data: QueryData): string {
  const point = (timeMs: number, value: string): string =>
    `[${formatTimeSeconds(timeMs)},${JSON.stringify(value)}]`;
  const metric = (labels: { toObject(): Record<string, string> }): string =>
    JSON.stringify(labels.toObject());
  const body = ((): string => {
    switch (data.resultType) {
      case 'scalar':
        return point(data.timeMs, formatValue(data.value));
      case 'string':
        return point(data.timeMs, data.value);
      case 'vector':
        return `[${data.samples
          .map(
            ({ labels, value }) =>
              `{"metric":${metric(labels)},"value":${point(data.timeMs, formatValue(value))}}`,
          )
          .join(',')}]`;
      case 'matrix':
        return `[${data.series
          .map(({ labels, timesMs, values }) => {
            const points = timesMs.map((timeMs, index) =>
              point(timeMs, formatValue(values[index] ?? Number.NaN)),
            );
            return `{"metric":${metric(labels)},"values":[${points.join(',')}]}`;
          })
          .join(',')}]`;
      default:
        return data satisfies never;
    }
  })();
  return `{"resultType":"${data.resultType}","result":${body}}`;
}

export function sendJson(response: ServerResponse, statusCode: number, body: string): void {
  response.writeHead(statusCode, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

export function sendText(response: ServerResponse, statusCode: number, body: string): void {
  response.writeHead(statusCode, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(body);
}
