/**
 * The works of the Floor page, in the order in which goods pass through a plant. Each area adds its line; who may not do a
 * work does not see it. `CMD:GO:<id>` scanned anywhere on the floor opens it.
 */
import type { ComponentType } from 'react';
import {
  IconArrowBackUp,
  IconArrowsExchange,
  IconArrowsMove,
  IconBuildingFactory2,
  IconClipboardCheck,
  IconHandStop,
  IconInfoCircle,
  IconListCheck,
  IconPackage,
  IconPackageExport,
  IconPackageImport,
  IconShoppingCart,
  IconStackPush,
  IconTools,
  IconTrash,
} from '@tabler/icons-react';
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
    id: 'tasks',
    title: text.warehouse.floor.tasks,
    what: text.warehouse.floor.tasksWhat,
    to: '/floor/tasks',
    icon: IconListCheck,
    permission: 'work:do',
  },
  {
    id: 'move',
    title: text.warehouse.floor.move,
    what: text.warehouse.floor.moveWhat,
    to: '/floor/move',
    icon: IconArrowsMove,
    permission: 'work:do',
  },
  {
    id: 'pack',
    title: text.warehouse.floor.pack,
    what: text.warehouse.floor.packWhat,
    to: '/floor/pack',
    icon: IconPackage,
    permission: 'work:do',
  },
  {
    id: 'receive',
    title: text.trade.receive.work,
    what: text.trade.receive.what,
    to: '/floor/receive',
    icon: IconPackageImport,
    permission: 'work:do',
  },
  {
    id: 'inspect',
    title: text.trade.inspect.work,
    what: text.trade.inspect.what,
    to: '/floor/inspect',
    icon: IconClipboardCheck,
    permission: 'work:do',
  },
  {
    id: 'hold',
    title: text.holds.floor.title,
    what: text.holds.floor.what,
    to: '/floor/hold',
    icon: IconHandStop,
    permission: 'holds:place',
  },
  {
    id: 'build',
    title: text.production.build.work,
    what: text.production.build.what,
    to: '/floor/build',
    icon: IconBuildingFactory2,
    permission: 'work:do',
  },
  {
    id: 'load',
    title: text.production.load.work,
    what: text.production.load.what,
    to: '/floor/load',
    icon: IconStackPush,
    permission: 'work:do',
  },
  {
    id: 'swap',
    title: text.production.swap.work,
    what: text.production.swap.what,
    to: '/floor/swap',
    icon: IconArrowsExchange,
    permission: 'work:do',
  },
  {
    id: 'rework',
    title: text.production.rework.work,
    what: text.production.rework.what,
    to: '/floor/rework',
    icon: IconTools,
    permission: 'work:do',
  },
  {
    id: 'scrap',
    title: text.production.scrap.work,
    what: text.production.scrap.what,
    to: '/floor/scrap',
    icon: IconTrash,
    permission: 'work:do',
  },
  {
    id: 'pick',
    title: text.trade.pick.work,
    what: text.trade.pick.what,
    to: '/floor/pick',
    icon: IconShoppingCart,
    permission: 'work:do',
  },
  {
    id: 'ship',
    title: text.trade.ship.work,
    what: text.trade.ship.what,
    to: '/floor/ship',
    icon: IconPackageExport,
    permission: 'work:do',
  },
  {
    id: 'return',
    title: text.trade.back.work,
    what: text.trade.back.what,
    to: '/floor/return',
    icon: IconArrowBackUp,
    permission: 'work:do',
  },
];
