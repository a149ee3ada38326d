/**
 * The works of the Floor page, in the order in which goods pass through a plant. Each area adds its line; who may not do a
 * work does not see it. `CMD:GO:<id>` scanned anywhere on the floor opens it.
 */
import type { ComponentType } from 'react';
import { IconHandStop, IconInfoCircle } from '@tabler/icons-react';
import { text } from '~/text';

export type FloorWork = {
  id: string;
  title: string;
  /** what it is for, in a few words */
  what: string;
  to: string;
  icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
  permission: string;
};

export const works: FloorWork[] = [
  {
    id: 'look',
    title: text.floor.works.look,
    what: text.floor.works.lookWhat,
    to: '/floor/look',
    icon: IconInfoCircle,
    permission: 'units:read',
  },
  {
    id: 'hold',
    title: text.holds.floor.title,
    what: text.holds.floor.what,
    to: '/floor/hold',
    icon: IconHandStop,
    permission: 'holds:place',
  },
];
