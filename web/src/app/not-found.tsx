import { Link } from '@tanstack/react-router';
import { Empty, useTitle } from '~/kit/page';
import { text } from '~/text';

export function NotFound() {
  useTitle(text.notFound.title);
  return (
    <main className="page">
      <Empty title={text.notFound.title}>
        <p>{text.notFound.why}</p>
        <Link to="/">{text.notFound.home}</Link>
      </Empty>
    </main>
  );
}
