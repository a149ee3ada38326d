/** In the header: how much work is kept on this computer and not yet with the server. Not there where all is sent. */
import { Link } from '@tanstack/react-router';
import { IconCloudOff, IconCloudUpload } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useSession } from '~/app/session';
import { text } from '~/text';
import { useOnline, useWork } from './use-work';
import './floor.css';

export function WorkTray() {
  const { waiting, refused, queue } = useWork();
  const { user } = useSession();
  const online = useOnline();
  const who = user?.username ?? null;
  useEffect(() => {
    void queue?.signedInAs(who);
  }, [queue, who]);
  if (waiting.length === 0 && refused.length === 0 && online) return null;
  const Icon = online ? IconCloudUpload : IconCloudOff;
  return (
    <Link
      to="/floor"
      hash="queue"
      className={`work-tray${refused.length > 0 ? ' work-tray-act' : ''}`}
      data-testid="work-tray"
    >
      <Icon size={16} aria-hidden />
      <span>{text.floor.queue.tray(online, waiting.length, refused.length)}</span>
    </Link>
  );
}
