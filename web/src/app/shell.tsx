/** What stands around every page: navigation, scan anything, running jobs, the zone of all times, and the keys. */
import { ActionIcon, Button, Kbd, Menu, Tooltip, useMantineColorScheme } from '@mantine/core';
import {
  IconClock,
  IconHelp,
  IconMoon,
  IconScan,
  IconSun,
  IconSunMoon,
  IconUser,
  IconChevronDown,
} from '@tabler/icons-react';
import { Link, Outlet, useNavigate, useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { api } from '~/api/client';
import { forgetMe, meQuery, queryClient } from '~/api/queries';
import { scanLengthMin, takeScan } from '~/floor/scan-takers';
import { WorkTray } from '~/floor/work-tray';
import { useHotkey, watchKeyboard } from '~/kit/keyboard';
import { browserZone, formatTime, useZone, ZoneProvider, type ZoneChoice } from '~/kit/time';
import { text } from '~/text';
import { HelpDialog } from './help';
import { JobsTray } from './jobs-tray';
import { adminNav, mainNav, ordersNav, recordsNav, warehouseNav, type NavLine } from './nav';
import { ScanDialog, type ScanRequest } from './scan-dialog';
import { useSession } from './session';

const focusFilter = (): void => {
  const field = document.querySelector<HTMLInputElement>('[data-filter]');
  field?.focus();
  field?.select();
};

function ZoneMenu() {
  const { choice, zone, choose } = useZone();
  const offset = formatTime(new Date().toISOString(), zone).split(' ').at(-1) ?? '';
  const names: Record<ZoneChoice, string> = {
    site: text.zone.site,
    browser: text.zone.browser(browserZone()),
    utc: text.zone.utc,
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          className="header-button"
          leftSection={<IconClock size={16} aria-hidden />}
          aria-label={text.zone.label(zone, offset)}
        >
          <span className="zone-name">{zone}</span> <span className="offset">{offset}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{text.zone.title}</Menu.Label>
        {(Object.keys(names) as ZoneChoice[]).map((one) => (
          <Menu.Item
            key={one}
            onClick={() => choose(one)}
            aria-current={one === choice}
            rightSection={one === choice ? '✓' : null}
          >
            {names[one]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ThemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = colorScheme === 'dark' ? IconMoon : colorScheme === 'light' ? IconSun : IconSunMoon;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={text.theme.label(text.theme[colorScheme])}>
          <Icon size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(['light', 'dark', 'auto'] as const).map((one) => (
          <Menu.Item key={one} onClick={() => setColorScheme(one)} rightSection={one === colorScheme ? '✓' : null}>
            {text.theme[one]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function UserMenu() {
  const { user } = useSession();
  const router = useRouter();
  const signOut = async (): Promise<void> => {
    await api.logout().catch(() => undefined);
    forgetMe();
    queryClient.clear();
    queryClient.setQueryData(meQuery.queryKey, null);
    await router.navigate({ to: '/login' });
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={text.shell.account(user?.displayName ?? '')}>
          <IconUser size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user?.displayName} · {text.role[user?.role ?? ''] ?? user?.role}
        </Menu.Label>
        <Menu.Item onClick={() => void signOut()}>{text.shell.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function NavMenu({ label, lines }: { label: string; lines: NavLine[] }) {
  const { can } = useSession();
  const targets = lines.filter((line) => can(line.permission));
  if (targets.length === 0) return null;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className="nav-link">
          {label} <IconChevronDown size={12} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {targets.map((target) => (
          <Menu.Item key={target.to} component={Link} to={target.to}>
            {target.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Frame() {
  const { can } = useSession();
  const navigate = useNavigate();
  const [scan, setScan] = useState<ScanRequest>({ open: false, code: null, n: 0 });
  const openScan = (code: string | null): void => setScan((was) => ({ open: true, code, n: was.n + 1 }));
  const closeScan = useCallback(() => setScan((was) => ({ ...was, open: false, code: null })), []);
  const [help, setHelp] = useState(false);

  useEffect(() => watchKeyboard((code) => (takeScan(code) ? undefined : openScan(code)), scanLengthMin), []);
  useHotkey('mod+k', () => openScan(null));
  useHotkey('/', focusFilter);
  useHotkey('?', () => setHelp(true));
  useHotkey('g h', () => void navigate({ to: '/' }));
  useHotkey('g t', () => void navigate({ to: '/traces' }));
  useHotkey('g n', () => void navigate({ to: '/traces/new' }));
  useHotkey('g f', () => void navigate({ to: '/floor' }));
  useHotkey('g i', () => void navigate({ to: '/items' }));

  return (
    <>
      <a href="#main" className="skip">
        {text.shell.skip}
      </a>
      <header className="header no-print">
        <Link to="/" className="brand" aria-label={text.shell.home}>
          <img src="/icon.svg" alt="" width="22" height="22" />
          <span>Unitrail</span>
        </Link>
        <nav className="nav" aria-label={text.shell.navigation}>
          <Link to="/" className="nav-link" activeOptions={{ exact: true }}>
            {text.nav.home}
          </Link>
          {mainNav
            .filter((line) => can(line.permission))
            .map((line) => (
              <Link key={line.to} to={line.to} className="nav-link">
                {line.label}
              </Link>
            ))}
          <NavMenu label={text.trade.nav.orders} lines={ordersNav} />
          <NavMenu label={text.warehouse.nav.title} lines={warehouseNav} />
          <NavMenu label={text.nav.records} lines={recordsNav} />
          <NavMenu label={text.nav.admin} lines={adminNav} />
        </nav>
        <button type="button" className="scan-button" onClick={() => openScan(null)}>
          <IconScan size={16} aria-hidden />
          <span>{text.scan.button}</span>
          <Kbd size="xs">{navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl K'}</Kbd>
        </button>
        <div className="header-end">
          <WorkTray />
          <JobsTray />
          <ZoneMenu />
          <ThemeMenu />
          <Tooltip label={text.help.title}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={text.help.title}
              onClick={() => setHelp(true)}
            >
              <IconHelp size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <UserMenu />
        </div>
      </header>
      <main id="main" className="page" tabIndex={-1}>
        <Outlet />
      </main>
      <ScanDialog request={scan} onClose={closeScan} />
      <HelpDialog opened={help} onClose={() => setHelp(false)} />
    </>
  );
}

export function Shell() {
  return (
    <ZoneProvider>
      <Frame />
    </ZoneProvider>
  );
}
