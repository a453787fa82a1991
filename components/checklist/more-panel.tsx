import type { ReactNode } from 'react';
import { Age } from '@/components/ui/age';
import { toSafeLink } from '@/components/ui/safe-link';
import { ScrollRegion } from '@/components/ui/scroll-region';
import { StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { REPORT_FORMATS, type ReportFormat } from '@/lib/contracts/checklist-report';
import type { Checklist } from '@/lib/domain/checklist';
import type { Flip } from '@/lib/domain/checklist-flips';
import { formatClockTime } from '@/lib/format/clock-time';
import { toFlipWords } from './flip-words';
import type { ReadyTools } from './use-ready-tools';

const FORMAT_WORDS: Record<ReportFormat, string> = { markdown: 'Markdown', json: 'JSON' };

function Heading({ children }: { children: ReactNode }): ReactNode {
  return (
    <h2 className="mb-2 border-ink border-b-(length:--stroke) pb-1 font-semibold text-heading">{children}</h2>
  );
}

function FlipRow({ flip, onOpen }: { flip: Flip; onOpen: (id: string) => void }): ReactNode {
  return (
    <li className="grid grid-cols-[auto_auto_1fr] gap-x-3 border-rule border-b-(length:--hair) py-1.5 text-dense stage:gap-x-2 stage:py-1">
      <span className="whitespace-nowrap text-ink-soft tabular-nums">{formatClockTime(flip.at)}</span>
      {flip.kind === 'gate' ? (
        <StateMark state={flip.to} className="mt-[0.12em]" />
      ) : (
        <span aria-hidden="true" />
      )}
      <span className="min-w-0">
        {flip.kind === 'verdict' ? (
          <strong className="font-semibold">{toFlipWords(flip)}</strong>
        ) : (
          <button type="button" onClick={() => onOpen(flip.id)} className="text-left">
            <span className="font-medium underline decoration-line underline-offset-4">
              <UntrustedText text={toFlipWords(flip)} max={90} />
            </span>{' '}
            <span className="text-ink-soft text-small">
              <UntrustedText text={flip.finding} max={110} />
            </span>
          </button>
        )}
      </span>
    </li>
  );
}

function Changes({ checklist, onOpen }: { checklist: Checklist; onOpen: (id: string) => void }): ReactNode {
  const { flips } = checklist;
  const newest = flips[0];
  return (
    <section aria-label="What changed" className="flex min-h-0 flex-col">
      <Heading>
        What changed
        {newest !== undefined && (
          <span className="font-normal text-ink-soft">
            {' '}
            · newest <Age since={newest.at} suffix=" ago" />
          </span>
        )}
      </Heading>
      {flips.length === 0 ? (
        <p className="text-dense text-ink-soft">Nothing since the dashboard started.</p>
      ) : (
        <ScrollRegion label="What changed" className="min-h-0 overflow-y-auto">
          <ol>
            {flips.map((flip, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no state, and two flips may read alike
              <FlipRow key={`${index} ${flip.at}`} flip={flip} onOpen={onOpen} />
            ))}
          </ol>
        </ScrollRegion>
      )}
    </section>
  );
}

function Report({ tools }: { tools: ReadyTools }): ReactNode {
  return (
    <section aria-label="Report">
      <Heading>Report</Heading>
      <ul className="text-dense">
        {REPORT_FORMATS.map((format) => (
          <li key={format} className="flex items-baseline gap-5 py-1">
            <span className="w-[6rem]">{FORMAT_WORDS[format]}</span>
            <button
              type="button"
              className="underline decoration-line underline-offset-4"
              onClick={() => tools.copyReport(format)}
            >
              Copy <span className="sr-only">as {FORMAT_WORDS[format]}</span>
            </button>
            <button
              type="button"
              className="underline decoration-line underline-offset-4"
              onClick={() => tools.saveReport(format)}
            >
              Save <span className="sr-only">as {FORMAT_WORDS[format]}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className="mt-1 text-ink-soft text-small">
        Every gate with its evidence. c copies, d saves the Markdown.{' '}
        <span aria-live="polite" className="text-ink">
          {tools.said}
        </span>
      </p>
    </section>
  );
}

function Links({ checklist }: { checklist: Checklist }): ReactNode {
  const links = checklist.links.flatMap(({ id, label, url }) => {
    const link = toSafeLink(url);
    return link === null ? [] : [{ id, label, ...link }];
  });
  return (
    <section aria-label="Screens of the platform">
      <Heading>Screens of the platform</Heading>
      {links.length === 0 ? (
        <p className="text-dense text-ink-soft">No Route of the console, Argo CD or Grafana can be seen.</p>
      ) : (
        <ul className="text-dense">
          {links.map(({ id, label, href, host }) => (
            <li key={id} className="py-1">
              <a
                href={href}
                target="_blank"
                rel="noreferrer"
                className="font-medium underline decoration-line underline-offset-4"
              >
                {label}
              </a>
              <span className="block break-all text-ink-soft text-small">
                <bdi>{host}</bdi>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** One press from the verdict: what changed and when, the report to take away, and the platform's own screens. */
export function MorePanel({
  checklist,
  tools,
  onOpen,
  onClose,
}: {
  checklist: Checklist;
  tools: ReadyTools;
  onOpen: (id: string) => void;
  onClose: () => void;
}): ReactNode {
  return (
    <div className="grid min-h-0 gap-x-10 gap-y-7 @min-[52rem]:grid-cols-[1fr_19rem] stage:grid-cols-[1fr_13.5rem] stage:gap-x-7">
      <Changes checklist={checklist} onOpen={onOpen} />
      <div className="flex min-h-0 flex-col gap-6 stage:gap-4">
        <Report tools={tools} />
        <Links checklist={checklist} />
        <button
          type="button"
          onClick={onClose}
          className="mt-auto self-start text-ink-soft text-small underline decoration-line underline-offset-4"
        >
          Esc back to the gates
        </button>
      </div>
    </div>
  );
}
