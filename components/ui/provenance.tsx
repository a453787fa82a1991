'use client';

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useKeyCommands } from '@/lib/client/use-key-commands';
import { formatClockTime } from '@/lib/format/clock-time';
import { Age } from './age';
import { cn } from './cn';
import { CopyButton } from './copy-button';
import { PanelHead } from './panel-head';
import type { Sheet, SheetRow } from './provenance-model';

type Show = (sheet: Sheet, anchor: HTMLElement, footer: ReactNode) => void;

const ShowContext = createContext<Show>(() => {});

/** Opens the one provenance sheet of the page beside the pressed element; pressing the same again closes it. */
function useProvenance(): Show {
  return useContext(ShowContext);
}

function Value({ row }: { row: SheetRow }): ReactNode {
  switch (row.kind) {
    case 'text':
      return <bdi className="break-words">{row.value}</bdi>;
    case 'time':
      return (
        <>
          {formatClockTime(row.value)} · <Age since={row.value} suffix=" ago" />
        </>
      );
    case 'code':
      return (
        <span className="flex items-start gap-2">
          <code className="min-w-0 grow whitespace-pre-wrap break-words font-mono">
            <bdi>{row.value}</bdi>
          </code>
          <CopyButton text={row.value} label="copy" className="-my-0.5" />
        </span>
      );
    default:
      return row satisfies never;
  }
}

/** Keeps the sheet in view: below what was pressed, or above where there is more room. */
function toPosition(anchor: DOMRect, sheet: DOMRect): { left: number; top: number } {
  const gap = 8;
  const left = Math.max(gap, Math.min(anchor.left, window.innerWidth - sheet.width - gap));
  const isBelow =
    anchor.bottom + gap + sheet.height <= window.innerHeight || anchor.top < window.innerHeight / 2;
  const top = isBelow ? anchor.bottom + gap : anchor.top - gap - sheet.height;
  return { left, top: Math.max(gap, Math.min(top, window.innerHeight - sheet.height - gap)) };
}

function SheetPanel({
  sheet,
  anchor,
  footer,
  onClose,
}: {
  sheet: Sheet;
  anchor: HTMLElement;
  footer: ReactNode;
  onClose: () => void;
}): ReactNode {
  const panel = useRef<HTMLDivElement>(null);
  const titleId = useId();

  useLayoutEffect(() => {
    const element = panel.current;
    if (element === null) return;
    // Pressed things may leave the page while the sheet is open; it then stays where it was.
    const place = (): void => {
      if (!anchor.isConnected) return;
      const { left, top } = toPosition(anchor.getBoundingClientRect(), element.getBoundingClientRect());
      element.style.left = `${left}px`;
      element.style.top = `${top}px`;
    };
    place();
    element.focus({ preventScroll: true });
    const observer = new ResizeObserver(place);
    observer.observe(element);
    return () => observer.disconnect();
  }, [anchor]);

  useEffect(() => {
    const onPress = (event: PointerEvent): void => {
      if (!(event.target instanceof Node)) return;
      if (panel.current?.contains(event.target) !== true && !anchor.contains(event.target)) onClose();
    };
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  }, [anchor, onClose]);

  useKeyCommands((command) => {
    if (command.type !== 'back') return false;
    anchor.focus({ preventScroll: true });
    onClose();
    return true;
  });

  return (
    <div
      ref={panel}
      role="dialog"
      aria-labelledby={titleId}
      tabIndex={-1}
      className={cn(
        'fixed z-40 max-h-[calc(100dvh-1rem)] overflow-y-auto rounded-[0.5rem] border-(length:--stroke) border-ink bg-surface p-4 text-dense stage:p-3',
        footer === null
          ? 'w-[min(36rem,calc(100vw-1rem))] stage:w-[min(30rem,calc(100vw-1rem))]'
          : 'w-[min(52rem,calc(100vw-1rem))] stage:w-[min(38rem,calc(100vw-1rem))]',
      )}
    >
      <PanelHead title={sheet.title} titleId={titleId} onClose={onClose} />
      <p className="mb-2 tabular-nums">
        <bdi className="break-words">{sheet.lead}</bdi>
      </p>
      {sheet.sections.map((section, index) => (
        <section key={section.heading ?? index} className="border-rule border-t-(length:--hair) py-2">
          {section.heading !== null && <h3 className="mb-1 font-semibold">{section.heading}</h3>}
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-small">
            {section.rows.map((row) => (
              <div key={row.name} className="contents">
                <dt className="text-ink-soft">{row.name}</dt>
                <dd className="min-w-0">
                  <Value row={row} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      {footer}
    </div>
  );
}

export function ProvenanceProvider({ children }: { children: ReactNode }): ReactNode {
  const [open, setOpen] = useState<{ sheet: Sheet; anchor: HTMLElement; footer: ReactNode } | null>(null);
  const show = useCallback<Show>((sheet, anchor, footer) => {
    setOpen((current) => (current?.anchor === anchor ? null : { sheet, anchor, footer }));
  }, []);
  const close = useCallback(() => setOpen(null), []);
  const panel = useMemo(
    () =>
      open !== null && (
        <SheetPanel
          key={`${open.sheet.title} ${open.sheet.lead}`}
          sheet={open.sheet}
          anchor={open.anchor}
          footer={open.footer}
          onClose={close}
        />
      ),
    [open, close],
  );
  return (
    <ShowContext value={show}>
      {children}
      {panel}
    </ShowContext>
  );
}

/** Whatever shows numbers as text (a sentence with counts) and opens how we know them. */
export function ProvenanceButton({
  sheet,
  className,
  children,
  label,
  footer = null,
}: {
  /** What it opens; as a function where it costs something to make. */
  sheet: Sheet | (() => Sheet);
  className?: string;
  children: ReactNode;
  /** What lives below the facts while the sheet is open, such as a log; makes the sheet wide. */
  footer?: ReactNode;
  /** Accessible name where the text alone does not say what it is. */
  label?: string;
}): ReactNode {
  const show = useProvenance();
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-label={label}
      onClick={(event) => show(typeof sheet === 'function' ? sheet() : sheet, event.currentTarget, footer)}
      className={`cursor-help text-left decoration-2 decoration-line decoration-dotted underline-offset-[0.2em] hover:underline ${className ?? ''}`}
    >
      {children}
    </button>
  );
}
