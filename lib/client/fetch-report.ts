import type { ReportFormat } from '@/lib/contracts/checklist-report';
import { ownAddress } from './own-address';

const PATIENCE_MS = 10_000;

/** Where the report of the checklist is; opened as a link it is saved as a file. */
export function reportAddress(format: ReportFormat): string {
  return ownAddress(`/api/checklist/report?format=${format}`);
}

/** The report of the checklist as text, to copy. */
export async function fetchReport(format: ReportFormat): Promise<string> {
  const response = await fetch(reportAddress(format), { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error(`The dashboard answered ${response.status}.`);
  return response.text();
}
