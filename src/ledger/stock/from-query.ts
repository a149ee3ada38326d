/** From the words of a request about stock to its filter; the same wherever stock is asked for. */
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { DomainError, parsePeriod } from '@/kernel';
import { StockFilterDto } from '../http/stock.dto';
import type { AttributeFilter, Operator, StockFilter } from './filter';

const ATTRIBUTE = /^attr\.([^<>=!]+)(>=|<=|!=|=|<|>)?(.*)$/s;
const DAY_MS = 86_400_000;

/** A query is cut at its first "=", which may be a part of the operator, or missing. */
export function readAttribute(key: string, value: string): AttributeFilter {
  const read = ATTRIBUTE.exec(value === '' ? key : `${key}=${value}`);
  if (!read) throw new DomainError('FIELD_INVALID', { field: key, reason: 'write it as attr.<name>=<value>.' });
  const operator = read[2] as Operator | undefined;
  if (operator === undefined) return { name: read[1]!, operator: 'has', value: '' };
  if (read[3] === '') return { name: read[1]!, operator: operator === '!=' ? 'lacks' : 'has', value: '' };
  return { name: read[1]!, operator, value: read[3]! };
}

/** `zone`: whose days are meant. Throws TIME_INVALID and what parsePeriod throws. */
export function stockFilter(query: StockFilterDto, attributes: readonly AttributeFilter[], zone: string): StockFilter {
  const period = (text: string, field: string) => parsePeriod(text, zone, field);
  const expires = query.expiresBefore === undefined ? undefined : period(query.expiresBefore, 'expiresBefore');
  const made = query.madeOn === undefined ? undefined : period(query.madeOn, 'madeOn');
  const before = [
    ...(query.madeBefore === undefined ? [] : [period(query.madeBefore, 'madeBefore').from]),
    ...(query.olderThan === undefined ? [] : [Date.now() - query.olderThan * DAY_MS]),
    ...(made ? [made.until] : []),
  ];
  const from = [
    ...(query.madeFrom === undefined ? [] : [period(query.madeFrom, 'madeFrom').from]),
    ...(made ? [made.from] : []),
  ];
  const revision: AttributeFilter[] =
    query.revision === undefined
      ? []
      : [{ name: 'revision', operator: query.revision === '' ? 'lacks' : '=', value: query.revision }];
  return {
    items: query.item,
    category: query.category,
    unit: query.unit,
    kinds: query.kind,
    place: query.place,
    states: query.state?.includes('any') ? 'any' : (query.state as StockFilter['states']),
    held: query.held,
    free: query.free,
    expiresBefore: expires && (expires.coarse ? expires.until : expires.from),
    madeBefore: before.length > 0 ? Math.min(...before) : undefined,
    madeFrom: from.length > 0 ? Math.max(...from) : undefined,
    supplier: query.supplier,
    customer: query.customer,
    container: query.container,
    attributes: [...revision, ...attributes],
    q: query.q,
  };
}

/** The parameters of `GET /stock` in the body of another request. Throws UNKNOWN_FIELD, FIELD_INVALID. */
export function stockFilterOf(given: Readonly<Record<string, string>>, zone: string): StockFilter {
  const own = Object.entries(given).filter(([key]) => key.startsWith('attr.'));
  const rest = Object.fromEntries(Object.entries(given).filter(([key]) => !key.startsWith('attr.')));
  const query = plainToInstance(StockFilterDto, rest);
  const [wrong] = validateSync(query, { whitelist: true, forbidNonWhitelisted: true });
  if (wrong) {
    const constraints = Object.entries(wrong.constraints ?? {});
    if (constraints.some(([rule]) => rule === 'whitelistValidation'))
      throw new DomainError('UNKNOWN_FIELD', { field: `query.${wrong.property}` });
    const reason = constraints.map(([, sentence]) => sentence).join('; ');
    throw new DomainError('FIELD_INVALID', { field: `query.${wrong.property}`, reason: `${reason}.` });
  }
  return stockFilter(
    query,
    own.map(([key, value]) => readAttribute(key, value)),
    zone,
  );
}
