'use client';

import { useEffect, useState } from 'react';
import { askProbe } from '@/lib/client/ask-probe';
import { copyText } from '@/lib/client/copy-text';
import { fetchReport, reportAddress } from '@/lib/client/fetch-report';
import type { ReportFormat } from '@/lib/contracts/checklist-report';

const CONFIRM_MS = 2_500;

/** What the last act came to, in words, for a moment. */
export interface ReadyTools {
  said: string | null;
  probe(): void;
  copyReport(format: ReportFormat): void;
  saveReport(format: ReportFormat): void;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'That did not work.';
}

/** What can be done on Ready besides looking: ask again, take the report away. */
export function useReadyTools(): ReadyTools {
  const [said, setSaid] = useState<string | null>(null);

  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [said]);

  return {
    said,
    probe: () => {
      askProbe().then(
        ({ isNew }) => setSaid(isNew ? 'Asking again …' : 'Asked a moment ago'),
        (error: unknown) => setSaid(reasonOf(error)),
      );
    },
    copyReport: (format) => {
      fetchReport(format)
        .then(copyText)
        .then(
          (isCopied) => setSaid(isCopied ? 'Report copied' : 'Copying is not allowed here'),
          (error: unknown) => setSaid(reasonOf(error)),
        );
    },
    saveReport: (format) => {
      const link = document.createElement('a');
      link.href = reportAddress(format);
      link.download = '';
      link.click();
      setSaid('Report saved');
    },
  };
}
