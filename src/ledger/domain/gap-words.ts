import { formatTime } from '@/kernel';

/** The day of a time, as the texts of gaps say it. */
export function day(ms: number): string {
  return formatTime(ms)?.slice(0, 10) ?? 'an unknown day';
}
