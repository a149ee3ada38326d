import { useQuery } from '@tanstack/react-query';
import { meQuery } from '~/api/queries';

/** Who is signed in, and what they may do. What may not be done is not shown: the server refuses it all the same. */
export function useSession() {
  const { data: user } = useQuery(meQuery);
  return { user: user ?? null, can: (permission: string) => user?.permissions.includes(permission) ?? false };
}
