import { NavMenu } from '@shopify/app-bridge-react';
import { Link, useLocation, useNavigation } from '@remix-run/react';
import { Badge } from '@shopify/polaris';
import { type ReactNode, useEffect, useState } from 'react';
import { showProgress } from './admin';
import { PageSkeleton } from './page-skeleton';
import { useLive } from './use-live';

/** Pages that come faster than this are not announced by a skeleton: it would only flicker. */
const SKELETON_AFTER_MS = 300;

/** The navigation of the app in the admin, and what is the same around every page. */
export function AppFrame({ children }: { readonly children: ReactNode }) {
  const live = useLive();
  const leaving = useLeavingFor();
  return (
    <>
      <NavMenu>
        <Link to="/app" rel="home">
          Home
        </Link>
        <Link to="/app/orders">Orders</Link>
        <Link to="/app/inventory">Inventory</Link>
        <Link to="/app/catalog">Catalog</Link>
        <Link to="/app/channels">Channels</Link>
        <Link to="/app/locations">Locations</Link>
        <Link to="/app/reconciliation">Reconciliation</Link>
        <Link to="/app/activity">Activity</Link>
        <Link to="/app/jobs">Jobs</Link>
        <Link to="/app/settings">Settings</Link>
      </NavMenu>
      <main>{leaving === null ? children : <PageSkeleton path={leaving} />}</main>
      <div className="cd-status" role="status">
        {live === 'reconnecting' && (
          <Badge tone="warning">Reconnecting: numbers may be some seconds old</Badge>
        )}
      </div>
    </>
  );
}

/** The path of another page that is taking its time to load, or null. */
function useLeavingFor(): string | null {
  const navigation = useNavigation();
  const location = useLocation();
  const [slow, setSlow] = useState(false);
  const busy = navigation.state !== 'idle';
  const target =
    navigation.state === 'loading' && navigation.formMethod === undefined
      ? navigation.location.pathname
      : null;
  const elsewhere = target !== null && target !== location.pathname ? target : null;
  useEffect(() => {
    showProgress(busy);
  }, [busy]);
  useEffect(() => {
    if (elsewhere === null) {
      setSlow(false);
      return;
    }
    const timer = setTimeout(() => {
      setSlow(true);
    }, SKELETON_AFTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [elsewhere]);
  return slow ? elsewhere : null;
}
