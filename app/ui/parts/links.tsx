import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';

type AppLinkProps = { readonly to: string; readonly children: ReactNode };

/** A link inside the app, in running text. */
export function AppLink({ to, children }: AppLinkProps) {
  return (
    <Link to={to} className="Polaris-Link">
      {children}
    </Link>
  );
}

/** An address from outside; anything but a web address stays text, so no script can hide in it. */
export function OutsideLink({
  url,
  children,
}: {
  readonly url: string;
  readonly children: ReactNode;
}) {
  if (!isWebAddress(url)) return <>{children}</>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer" className="Polaris-Link">
      {children}
    </a>
  );
}

/** Whether a text is a complete http or https address. */
export function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
