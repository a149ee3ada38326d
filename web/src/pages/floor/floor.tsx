/** Where people who work with a scanner begin: pick a work, then scan. */
import { Link, useNavigate } from '@tanstack/react-router';
import { useSession } from '~/app/session';
import { FloorScreen } from '~/floor/floor-screen';
import { useScans } from '~/floor/use-scans';
import { works } from '~/floor/works';
import { WorkList } from '~/floor/work-list';
import { Empty } from '~/kit/page';
import { text } from '~/text';
import { lookAt } from './look';

const GO = /^CMD:GO:(.+)$/i;

export function FloorPage() {
  const { can } = useSession();
  const navigate = useNavigate();
  const own = works.filter((work) => can(work.permission));
  const scans = useScans(async (code) => {
    const work = own.find(({ id }) => id === GO.exec(code)?.[1]?.toLowerCase());
    if (!work) return lookAt(code, (unit) => void navigate({ to: '/units/$unit', params: { unit } }));
    await navigate({ to: work.to });
    return null;
  });
  return (
    <FloorScreen title={text.floor.title} prompt={text.floor.prompt} scans={scans} top>
      {own.length === 0 ? (
        <Empty title={text.floor.noWorks}>{text.floor.noWorksWhy}</Empty>
      ) : (
        <nav aria-label={text.floor.chooseWork}>
          <ul className="floor-works">
            {own.map(({ id, to, icon: Icon, title, what }) => (
              <li key={id}>
                <Link to={to} className="floor-work">
                  <Icon size={34} aria-hidden />
                  <span>
                    <strong>{title}</strong>
                    <span className="dim">{what}</span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <div id="queue">
        <WorkList />
      </div>
    </FloorScreen>
  );
}
