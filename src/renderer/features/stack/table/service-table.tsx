import { Checkbox, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServiceSnapshot } from '../../../../shared/stack/stack-snapshot.ts';
import { formatBytes, formatPercent } from '../../../ui/format.ts';
import { StatusDot } from '../../../ui/status-dot.tsx';
import { ServiceMarks } from '../service-marks.tsx';
import { serviceTone } from '../service-state.ts';
import { imageText, portsText, serviceStateText } from '../service-text.ts';
import { selectNode, useStackUi } from '../stack-ui-store.ts';
import { useLatestStats } from '../use-stats.ts';
import classes from './service-table.module.css';
import { COLUMNS, type Column, type Sorting, type TableRow, toTableRows } from './table-rows.ts';

/** Every service in a line: for projects that a map cannot hold. */
export function ServiceTable({ services }: { services: readonly ServiceSnapshot[] }) {
  const { t } = useTranslation('services');
  const [text, setText] = useState('');
  const [onlyTrouble, setOnlyTrouble] = useState(false);
  const [sorting, setSorting] = useState<Sorting>({ column: 'name', isDescending: false });
  const statsOf = useLatestStats();
  const all = services.map((service) => ({ service, stats: statsOf(service.name) }));
  const rows = toTableRows(all, { text, onlyTrouble }, sorting);
  return (
    <section className={classes.page} aria-label={t('table.label')}>
      <div className={classes.tools}>
        <TextInput
          size="xs"
          className={classes.filter}
          leftSection={<IconSearch size={14} stroke={1.7} aria-hidden />}
          aria-label={t('table.filter')}
          placeholder={t('table.filter')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Checkbox
          size="xs"
          label={t('table.onlyTrouble')}
          checked={onlyTrouble}
          onChange={(event) => setOnlyTrouble(event.currentTarget.checked)}
        />
        <span className={classes.count} role="status">
          {t('table.count', { shown: rows.length, count: services.length })}
        </span>
      </div>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <HeadCell key={column} column={column} sorting={sorting} onSort={setSorting} />
              ))}
            </tr>
          </thead>
          <Body rows={rows} />
        </table>
        {rows.length === 0 && <p className={classes.nothing}>{t('table.nothing')}</p>}
      </div>
    </section>
  );
}

interface HeadCellProps {
  readonly column: Column;
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
}

/** Loads are looked for from the top. */
const DESCENDING_FIRST: readonly Column[] = ['cpu', 'memory', 'replicas'];

function HeadCell({ column, sorting, onSort }: HeadCellProps) {
  const { t } = useTranslation('services');
  const isSorted = sorting.column === column;
  const Icon = sorting.isDescending ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      data-column={column}
      aria-sort={isSorted ? (sorting.isDescending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        onClick={() =>
          onSort({
            column,
            isDescending: isSorted ? !sorting.isDescending : DESCENDING_FIRST.includes(column),
          })
        }
      >
        {t(`column.${column}`)}
        {isSorted && <Icon size={12} stroke={2} aria-hidden />}
      </button>
    </th>
  );
}

const STEP: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

function Body({ rows }: { rows: readonly TableRow[] }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const handleKey = (event: KeyboardEvent) => {
    const buttons = [...(body.current?.querySelectorAll('button') ?? [])];
    const index = buttons.indexOf(event.target as HTMLButtonElement);
    const step = STEP[event.key];
    const next =
      event.key === 'Home'
        ? buttons[0]
        : event.key === 'End'
          ? buttons.at(-1)
          : step && buttons[index + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <tbody ref={body} onKeyDown={handleKey}>
      {rows.map((row) => (
        <Row key={row.service.name} row={row} />
      ))}
    </tbody>
  );
}

function Row({ row: { service, stats } }: { row: TableRow }) {
  const { t } = useTranslation('stack');
  const isSelected = useStackUi((state) => state.selected === service.name);
  const tone = service.inactive ? 'idle' : serviceTone(service.state);
  const { replicas } = service;
  const toggle = () => selectNode(isSelected ? undefined : service.name);
  return (
    // A click anywhere in the row is the button's; the keyboard has the button.
    <tr data-selected={isSelected || undefined} data-muted={service.inactive || undefined} onClick={toggle}>
      <th scope="row">
        <button
          type="button"
          aria-pressed={isSelected}
          onClick={(event) => {
            event.stopPropagation();
            toggle();
          }}
        >
          {service.name}
        </button>
        <ServiceMarks service={service} />
      </th>
      <td data-tone={tone}>
        <span className={classes.state}>
          <StatusDot tone={tone} />
          {serviceStateText(t, service)}
        </span>
      </td>
      <td className={classes.image} title={service.image}>
        <code>{imageText(service.image)}</code>
      </td>
      <td data-number>{replicas ? `${replicas.running}/${replicas.wanted}` : service.instances.length}</td>
      <td className={classes.ports} title={portsText(service)}>
        {portsText(service)}
      </td>
      <td data-number>{stats && formatPercent(stats.cpuPercent)}</td>
      <td data-number>{stats && formatBytes(stats.memoryBytes)}</td>
    </tr>
  );
}
